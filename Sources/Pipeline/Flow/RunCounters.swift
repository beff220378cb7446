internal import Profiling

extension RunParts {
    /// How often the counters of a trace are read.
    private static var counterNanoseconds: Int64 { 20_000_000 }

    /// Tells a trace again and again how long the queues are and how much image memory is taken,
    /// until the run ends.
    func countUntilEnd(_ sink: any SpanSink) {
        repeat {
            sink.count(
                "queues", at: .now,
                [
                    "found": Int64(found.count), "fetched": Int64(fetched.count),
                    "encoded": Int64(encoded.count),
                ])
            sink.count(
                "image memory", at: .now, ["bytes": Int64(memory.usedByteCount)])
        } while !watch.hasEnded(withinNanoseconds: Self.counterNanoseconds)
    }
}
