import Pipeline
import Profiling
import Workers

extension ImageOutcome {
    /// The object of one image, in one line.
    ///
    /// - Parameter began: When the run began.
    /// - Returns: The line with its line feed.
    func jsonLine(since began: MonotonicInstant) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.pair("status", status.rawValue)
        write(to: &json, since: began)
        json.endObject()
        json.endLine()
        return json.bytes
    }
}

extension BatchSummary {
    /// The last object of a run, in one line.
    ///
    /// - Parameters:
    ///   - settings: How the run worked.
    ///   - verdict: What bound it; nil for a dry run.
    /// - Returns: The line with its line feed.
    func jsonLine(_ settings: RunSettings, verdict: Verdict?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("summary")
        json.beginObject()
        for status in ImageOutcome.Status.allCases {
            json.pair(status.jsonName, counts[status])
        }
        json.pair("found", counts.found)
        json.key("imagesPerSecond")
        json.value(imagesPerSecond)
        json.pair("bytesIn", counts.byteCountIn)
        json.pair("bytesOut", counts.byteCountOut)
        json.key("wallSeconds")
        json.value(Double(wallNanoseconds) / 1e9)
        json.key("cpuSeconds")
        json.value(Double(usage.nanoseconds) / 1e9)
        json.pair("peakMemoryBytes", Int(peakMemoryByteCount))
        json.pair("mode", settings.mode.rawValue)
        json.pair("jobs", settings.jobs)
        json.pair("ioJobs", settings.ioJobs)
        json.pair("version", Release.version)
        if let verdict {
            json.pair("bottleneck", verdict.bottleneck.jsonName)
            json.pair("verdict", verdict.sentence)
        }
        json.endObject()
        json.endObject()
        json.endLine()
        return json.bytes
    }
}

extension ImageOutcome.Status {
    /// The key of a count, in camel case as all keys are.
    fileprivate var jsonName: String { self == .upToDate ? "upToDate" : rawValue }
}
