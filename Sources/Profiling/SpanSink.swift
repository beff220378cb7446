/// Takes the timing spans of many threads.
public protocol SpanSink: AnyObject, Sendable {
    /// Takes spans of some tracks, for each track in the order in which they ended; called on any
    /// thread.
    func receive(_ spans: [TimingSpan])
}

/// Hands spans on to several sinks, as to a trace and a history.
public final class SpanSplitter: SpanSink {
    private let sinks: [any SpanSink]

    /// Makes a splitter for these sinks.
    public init(_ sinks: [any SpanSink]) {
        self.sinks = sinks
    }

    /// Hands the spans to each sink in order.
    public func receive(_ spans: [TimingSpan]) {
        for sink in sinks { sink.receive(spans) }
    }
}
