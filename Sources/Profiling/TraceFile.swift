internal import Synchronization

/// A trace that many threads write.
///
/// Threads hand over their spans in batches, so that its lock is taken once for some hundred of them.
public final class TraceFile: SpanSink {
    private let writer: Mutex<TraceWriter?>

    /// Begins a trace; see ``TraceWriter/init(descriptor:began:)``.
    public init(descriptor: Int32, began: MonotonicInstant) {
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

    /// Writes the trace's end; later events are dropped.
    ///
    /// - Throws: if any of its bytes could not be written.
    public func finish() throws(ProfilingError) {
        try writer.withLock { writer throws(ProfilingError) in
            if let open = writer.take() { try open.finish() }
        }
    }
}
