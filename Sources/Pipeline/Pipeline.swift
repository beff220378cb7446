internal import Images
public import Profiling
internal import SystemCalls
internal import Transfer
internal import Workers

/// A batch on its way: sources are found, fetched, taken through lanes and stored.
///
/// ```
/// find ──► [found] ──► fetch ──► [fetched] ──► lanes ──► [encoded] ──► store
/// ```
///
/// Each stage has threads of its own and the queues between them are bounded, so the slowest stage
/// holds the others back and memory does not grow with the number of inputs.
public struct Pipeline: Sendable {
    let inputs: [Input]
    let find: FindOptions
    let target: OutputTarget
    let recipe: Recipe
    let settings: RunSettings

    /// Describes a run; nothing is read or written yet.
    ///
    /// - Parameters:
    ///   - inputs: Where images are looked for, at least one.
    ///   - find: Which of them count.
    ///   - target: Where the outputs go.
    ///   - recipe: What is made of each image.
    ///   - settings: How the work is done.
    public init(
        inputs: [Input], find: FindOptions, target: OutputTarget, recipe: Recipe,
        settings: RunSettings
    ) {
        self.inputs = inputs
        self.find = find
        self.target = target
        self.recipe = recipe
        self.settings = settings
    }

    /// Converts all inputs, and returns when each has its outcome or the run was ended early.
    ///
    /// - Parameters:
    ///   - control: Ends the run early; any thread may use it meanwhile.
    ///   - observer: Sees each outcome as it comes.
    ///   - sink: Takes every single span of all threads, for traces and reports; without one only
    ///     sums are kept.
    /// - Returns: What became of the inputs and where the time went.
    /// - Throws: ``PipelineError`` if the run cannot begin.
    public func run(
        control: RunControl, observer: any BatchObserver, sink: (any SpanSink)? = nil
    ) throws(PipelineError) -> BatchSummary {
        let began = MonotonicInstant.now
        let usage = ProcessUsage.current()
        let (parts, makeStream) = try prepare(control: control, observer: observer, sink: sink)
        observer.began { parts.tally.counts }
        let profile = Monitor(Profile())
        var threads = ThreadGroup()
        var committer = ThreadGroup()
        do throws(PipelineError) {
            try start(parts, makeStream, profile, &threads, &committer)
        } catch {
            parts.close()
            threads.join()
            parts.publisher?.close()
            throw error
        }
        threads.join()
        parts.publisher?.close()
        committer.join()
        parts.ledger?.flush()
        if let failure = parts.ledger?.failure {
            parts.tally.note("the ledger is incomplete: \(failure)")
        }
        return BatchSummary(
            counts: parts.tally.counts, profile: profile.withLock { $0 },
            wallNanoseconds: MonotonicInstant.now.nanoseconds(since: began),
            usage: ProcessUsage.current().since(usage),
            peakMemoryByteCount: parts.watch.peakByteCount,
            endingReason: control.endingReason)
    }

    /// Starts all threads, the last stage first, so that each finds somebody to hand on to; nothing
    /// is read before all lanes are ready.
    private func start(
        _ parts: RunParts, _ makeStream: @escaping @Sendable () -> SourceStream,
        _ profile: Monitor<Profile>, _ threads: inout ThreadGroup,
        _ committer: inout ThreadGroup
    ) throws(PipelineError) {
        let lanes: LaneStart
        do {
            if let publisher = parts.publisher, publisher.gathersOutputs {
                try committer.start(named: "commit") { publisher.run() }
            }
            try startStorers(parts, profile, &threads)
            lanes = try startLanes(parts, profile, &threads)
        } catch {
            throw .thread(error)
        }
        if let error = lanes.awaitAll() { throw error }
        do {
            try startFetchers(parts, profile, &threads)
            try threads.start(named: "watch") { parts.watch.run() }
            if let sink = parts.sink {
                try threads.start(named: "counters") { parts.countUntilEnd(sink) }
            }
            let finder = Finder(parts, makeStream)
            try threads.start(named: "find") { finder.run() }
        } catch {
            throw .thread(error)
        }
    }
}
