internal import Synchronization

/// A trace that many threads write.
///
/// Threads hand over their spans in batches, so that its lock is taken once for some hundred of them.
public final class TraceFile: SpanSink {
    private let writer: Mutex<TraceWriter?>
    private let process: Int32

    /// Begins a trace; see ``TraceWriter/init(descriptor:began:)``.
    ///
    /// - Parameters:
    ///   - descriptor: where the bytes go; the caller keeps it open until ``finish()``.
    ///   - process: the number of this process, to which counters belong.
    ///   - began: the moment that is 0 in the trace.
    public init(descriptor: Int32, process: Int32 = 0, began: MonotonicInstant) {
        self.process = process
        writer = Mutex(TraceWriter(descriptor: descriptor, began: began))
    }

    /// Writes to the trace, on the calling thread; nothing once it is finished.
    public func withWriter(_ body: (inout TraceWriter) -> Void) {
        writer.withLock { writer in
            if var open = writer.take() {
                body(&open)
                writer = consume open
            }
        }
    }

    /// Writes each span as a slice.
    public func receive(_ spans: [TimingSpan]) {
        withWriter { writer in
            for span in spans { writer.write(span) }
        }
    }

    /// Names the track and its process.
    public func name(_ track: Track, _ name: String, ofProcess processName: String) {
        withWriter { writer in
            writer.nameProcess(track.process, processName)
            writer.nameThread(track, name)
        }
    }

    /// Writes the values as a counter.
    public func count(
        _ name: String, at instant: MonotonicInstant, _ values: KeyValuePairs<String, Int64>
    ) {
        withWriter { $0.writeCounter(name, ofProcess: process, at: instant, values: values) }
    }

    /// Writes the event as an instant.
    public func note(_ name: String, on track: Track, at instant: MonotonicInstant, detail: String)
    {
        withWriter { $0.writeInstant(name, on: track, at: instant, detail: detail) }
    }

    /// Writes the trace's end; later events are dropped.
    ///
    /// - Throws: if any of its bytes could not be written.
    public func finish() throws(ProfilingError) {
        try writer.withLock { writer throws(ProfilingError) in
            if let open = writer.take() { try open.finish() }
        }
    }
}
