/// Takes the timing spans of many threads, and what happens beside them; called on any thread.
public protocol SpanSink: AnyObject, Sendable {
    /// Takes spans of some tracks, for each track in the order in which they ended.
    func receive(_ spans: [TimingSpan])

    /// Takes the names of a track and of its process, before the track's spans.
    func name(_ track: Track, _ name: String, ofProcess processName: String)

    /// Takes the values that a counter has from `instant` on, as in `queues` with the length of
    /// each.
    func count(_ name: String, at instant: MonotonicInstant, _ values: KeyValuePairs<String, Int64>)

    /// Takes something that took no time, such as a crash, with a line that tells about it.
    func note(_ name: String, on track: Track, at instant: MonotonicInstant, detail: String)
}

/// A sink may take spans alone.
extension SpanSink {
    /// Ignores the names.
    public func name(_ track: Track, _ name: String, ofProcess processName: String) {}

    /// Ignores the values.
    public func count(
        _ name: String, at instant: MonotonicInstant, _ values: KeyValuePairs<String, Int64>
    ) {}

    /// Ignores the event.
    public func note(_ name: String, on track: Track, at instant: MonotonicInstant, detail: String)
    {}
}

/// Hands everything on to several sinks, as to a trace and a history.
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

    /// Hands the names to each sink in order.
    public func name(_ track: Track, _ name: String, ofProcess processName: String) {
        for sink in sinks { sink.name(track, name, ofProcess: processName) }
    }

    /// Hands the values to each sink in order.
    public func count(
        _ name: String, at instant: MonotonicInstant, _ values: KeyValuePairs<String, Int64>
    ) {
        for sink in sinks { sink.count(name, at: instant, values) }
    }

    /// Hands the event to each sink in order.
    public func note(_ name: String, on track: Track, at instant: MonotonicInstant, detail: String)
    {
        for sink in sinks { sink.note(name, on: track, at: instant, detail: detail) }
    }
}
