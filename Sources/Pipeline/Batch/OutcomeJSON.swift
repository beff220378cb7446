internal import Images
public import Profiling
internal import SystemCalls

extension ImageOutcome {
    /// Writes the members of the image's object that `--json` and the ledger share, all but the
    /// status.
    ///
    /// - Parameters:
    ///   - json: A writer that is inside of an object.
    ///   - began: When the run began.
    public func write(to json: inout JSONWriter, since began: MonotonicInstant) {
        json.pair("source", sourceText)
        if case .file(let path) = source.place, !path.isUTF8 {
            json.pair("sourceBytes", Base64.text(path.bytes))
        }
        json.pair("destination", destination?.percentEncoded)
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
    }

    private var sourceText: String {
        switch source.place {
        case .file(let path): path.percentEncoded
        case .url(let url): url
        case .standardInput: "-"
        }
    }
}

extension JSONWriter {
    /// Writes a key and its string, if there is one.
    public mutating func pair(_ name: String, _ text: String?) {
        guard let text else { return }
        key(name)
        value(text)
    }

    /// Writes a key and its number, if there is one.
    public mutating func pair(_ name: String, _ number: Int?) {
        guard let number else { return }
        key(name)
        value(number)
    }
}
