extension Comparison {
    /// All that was measured, and the choice, as one object in one line.
    public var jsonLine: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("comparison")
        json.beginObject()
        json.key("images")
        json.value(imageCount)
        json.key("found")
        json.value(foundCount)
        json.key("passes")
        json.value(passCount)
        json.key("jobs")
        json.value(jobs)
        json.key("firstIdleShare")
        json.value(firstIdleShare)
        json.key("contenders")
        json.beginArray()
        for contender in contenders { write(contender, to: &json) }
        json.endArray()
        if let crash {
            json.key("crash")
            json.beginObject()
            json.key("seconds")
            json.value(Double(crash.nanoseconds) / 1e9)
            json.key("lostImages")
            json.value(crash.lostCount)
            json.endObject()
        }
        let choice = choice
        json.key("mode")
        json.value(choice.name)
        json.key("bestJobs")
        json.value(choice.jobs)
        json.key("tie")
        json.value(choice.isTie)
        json.key("verdict")
        json.value(choice.sentence)
        json.endObject()
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private func write(_ contender: Contender, to json: inout JSONWriter) {
        json.beginObject()
        json.key("mode")
        json.value(contender.name)
        json.key("imagesPerSecond")
        json.value(contender.imagesPerSecond)
        json.key("spread")
        json.value(contender.spread)
        json.key("cpuSecondsPerImage")
        json.value(contender.processorNanoseconds / 1e9)
        json.key("peakMemoryBytes")
        json.value(contender.peakMemoryByteCount)
        json.key("idleShare")
        json.value(contender.idleShare)
        json.key("startSeconds")
        json.value(Double(contender.startNanoseconds) / 1e9)
        json.key("rounds")
        json.beginArray()
        for round in contender.rounds { json.value(round.imagesPerSecond) }
        json.endArray()
        json.key("scaling")
        json.beginArray()
        for (jobs, rate) in scaling(of: contender) {
            json.beginObject()
            json.key("jobs")
            json.value(jobs)
            json.key("imagesPerSecond")
            json.value(rate)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
