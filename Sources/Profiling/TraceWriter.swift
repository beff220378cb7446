internal import Glibc

/// Writes the Trace Event Format, which Perfetto and chrome://tracing open, to a descriptor.
///
/// The format is the JSON array of Google's document "Trace Event Format" (Duffin, Craig and others,
/// 2013 to 2016): one event a line, times in microseconds since the run's beginning. A reader takes
/// the array without its end too, so a killed run leaves a trace that opens.
public struct TraceWriter: ~Copyable, Sendable {
    private let descriptor: Int32
    private let began: MonotonicInstant
    private var json = JSONWriter()
    private var failure: Int32?

    private static let flushByteCount = 64 * 1024

    /// Begins a trace.
    ///
    /// - Parameters:
    ///   - descriptor: where the bytes go; the caller keeps it open until ``finish()`` and closes it.
    ///   - began: the moment that is 0 in the trace.
    public init(descriptor: Int32, began: MonotonicInstant) {
        self.descriptor = descriptor
        self.began = began
        json.beginArray()
    }

    /// Names a process, as in `worker 3`.
    public mutating func nameProcess(_ process: Int32, _ name: String) {
        writeMetadata("process_name", on: Track(process: process, thread: 0), name)
    }

    /// Names a thread, as in `lane 0`.
    public mutating func nameThread(_ track: Track, _ name: String) {
        writeMetadata("thread_name", on: track, name)
    }

    /// Writes what a thread did as a slice.
    public mutating func write(_ span: TimingSpan) {
        let (name, category) =
            switch span.subject {
            case .stage(let stage): (stage.name, stage.isWait ? "wait" : "stage")
            case .part(let name): (name, "part")
            }
        beginEvent("X", name, on: span.track, at: span.start)
        json.key("dur")
        json.microseconds(nanoseconds: max(span.end.nanoseconds(since: span.start), 0))
        json.key("cat")
        json.value(category)
        if span.imageName != nil || span.byteCount > 0 {
            json.key("args")
            json.beginObject()
            if let imageName = span.imageName {
                json.key("image")
                json.value(imageName)
            }
            if span.byteCount > 0 {
                json.key("bytes")
                json.value(span.byteCount)
            }
            json.endObject()
        }
        endEvent()
    }

    /// Writes the values that a counter has from `instant` on, as in `queues` with the length of
    /// each.
    public mutating func writeCounter(
        _ name: String, ofProcess process: Int32, at instant: MonotonicInstant,
        values: KeyValuePairs<String, Int64>
    ) {
        beginEvent("C", name, on: Track(process: process, thread: 0), at: instant)
        json.key("args")
        json.beginObject()
        for (series, value) in values {
            json.key(series)
            json.value(value)
        }
        json.endObject()
        endEvent()
    }

    /// Writes something that took no time, such as a crash, with a line that tells about it.
    public mutating func writeInstant(
        _ name: String, on track: Track, at instant: MonotonicInstant, detail: String
    ) {
        beginEvent("i", name, on: track, at: instant)
        json.key("s")
        json.value("t")
        json.key("args")
        json.beginObject()
        json.key("detail")
        json.value(detail)
        json.endObject()
        endEvent()
    }

    /// Writes the array's end.
    ///
    /// - Throws: if these or any bytes before them could not be written.
    public consuming func finish() throws(ProfilingError) {
        json.endArray()
        json.endLine()
        flush()
        if let failure { throw .systemCallFailed(name: "write", errorNumber: failure) }
    }

    // MARK: - Events

    private mutating func writeMetadata(_ event: String, on track: Track, _ name: String) {
        beginEvent("M", event, on: track, at: began)
        json.key("args")
        json.beginObject()
        json.key("name")
        json.value(name)
        json.endObject()
        endEvent()
    }

    private mutating func beginEvent(
        _ phase: String, _ name: String, on track: Track, at instant: MonotonicInstant
    ) {
        json.beginObject()
        json.key("ph")
        json.value(phase)
        json.key("name")
        json.value(name)
        json.key("pid")
        json.value(track.process)
        json.key("tid")
        json.value(track.thread)
        json.key("ts")
        json.microseconds(nanoseconds: instant.nanoseconds(since: began))
    }

    private mutating func endEvent() {
        json.endObject()
        json.breakLine()
        if json.bytes.count >= TraceWriter.flushByteCount { flush() }
    }

    private mutating func flush() {
        if failure == nil { failure = writeAll(json.bytes, to: descriptor) }
        json.removeWritten()
    }
}

/// Why a profile, a trace or a report could not be made.
public enum ProfilingError: Error, Equatable, CustomStringConvertible {
    /// A system call failed with this errno(3).
    case systemCallFailed(name: String, errorNumber: Int32)

    /// What failed, as in `write: no space left on device`.
    public var description: String {
        switch self {
        case .systemCallFailed(let name, let errorNumber):
            let reason = unsafe String(cString: strerror(errorNumber))
            return "\(name): \(reason.prefix(1).lowercased())\(reason.dropFirst())"
        }
    }
}

/// Writes all bytes with write(2).
///
/// - Returns: the errno(3) of a failure, or `nil`.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    unsafe bytes.withUnsafeBytes { bytes in
        var offset = 0
        while offset < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count >= 0 {
                offset += count
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
