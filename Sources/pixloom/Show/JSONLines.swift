import Images
import Pipeline
import Profiling
import SystemCalls
import Workers

extension ImageOutcome {
    /// The object of one image, in one line.
    ///
    /// - Parameter began: When the run began.
    /// - Returns: The line with its line feed.
    func jsonLine(since began: MonotonicInstant) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.pair("source", sourceText)
        if case .file(let path) = source.place, !path.isUTF8 {
            json.pair("sourceBytes", Base64.text(path.bytes))
        }
        json.pair("destination", destination?.percentEncoded)
        json.pair("status", status.rawValue)
        json.pair("width", size?.width)
        json.pair("height", size?.height)
        json.pair("sourceWidth", sourceSize?.width)
        json.pair("sourceHeight", sourceSize?.height)
        json.pair("sourceFormat", sourceFormat?.rawValue)
        json.pair("format", format?.rawValue)
        json.pair("bytesIn", byteCountIn)
        json.pair("bytesOut", byteCountOut)
        json.pair("attempts", attempts)
        json.pair("lane", lane)
        if let start {
            json.key("start")
            json.value(Double(start.nanoseconds(since: began)) / 1e9)
        }
        json.key("stages")
        json.beginObject()
        for stage in Stage.allCases where times[stage] > 0 {
            json.pair(stage.jsonName, Int(times[stage]))
        }
        json.endObject()
        if !warnings.isEmpty {
            json.key("warnings")
            json.beginArray()
            for warning in warnings { json.value(warning) }
            json.endArray()
        }
        if let failure {
            json.key("error")
            json.beginObject()
            json.pair("stage", failure.stage.jsonName)
            json.pair("kind", failure.kind)
            json.pair("message", failure.message)
            json.endObject()
        }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    private var sourceText: String {
        switch source.place {
        case .file(let path): path.percentEncoded
        case .url(let url): url
        case .standardInput: "-"
        }
    }
}

extension BatchSummary {
    /// The last object of a run, in one line.
    func jsonLine(_ settings: RunSettings) -> [UInt8] {
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

extension JSONWriter {
    /// Writes a key and its string, if there is one.
    fileprivate mutating func pair(_ name: String, _ text: String?) {
        guard let text else { return }
        key(name)
        value(text)
    }

    /// Writes a key and its number, if there is one.
    fileprivate mutating func pair(_ name: String, _ number: Int?) {
        guard let number else { return }
        key(name)
        value(number)
    }
}

/// Base 64 (RFC 4648, clause 4), for names that are no text.
enum Base64 {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = (0..<3).reduce(0) { bits, offset in
                bits << 8 | (start + offset < bytes.count ? Int(bytes[start + offset]) : 0)
            }
            for place in 0..<4 {
                text.append(
                    place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : "=")
            }
        }
        return text
    }
}
