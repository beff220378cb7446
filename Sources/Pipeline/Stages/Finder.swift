internal import Profiling

/// Finds the sources of a run and hands them to the fetchers; one thread.
struct Finder: Sendable {
    private let makeStream: @Sendable () -> SourceStream
    private let control: RunControl
    private let tally: Tally
    private let output: BoundedQueue<ImageOutcome>

    init(_ run: RunParts, _ makeStream: @escaping @Sendable () -> SourceStream) {
        self.makeStream = makeStream
        control = run.control
        tally = run.tally
        output = run.found
    }

    /// Runs until there are no more sources or the run is drained.
    func run() {
        var stream = makeStream()
        while let found = stream.next() {
            // What is left is not counted, so the end is not known.
            if control.isDraining { return output.producerFinished() }
            let outcome = ImageOutcome(index: found.index, source: found.source)
            tally.found()
            if let error = found.error {
                tally.end(outcome.failed(ImageFailure(.fetch, error)))
            } else {
                output.push(outcome)
            }
        }
        tally.foundAll()
        output.producerFinished()
    }
}
