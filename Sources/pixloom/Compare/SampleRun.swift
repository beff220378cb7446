import Images
import Pipeline
import Profiling
import SystemCalls

/// One run over a sample, with its outputs discarded.
struct SampleRun {
    let inputs: [Input]
    let recipe: Recipe
    let settings: RunSettings

    /// Ends the run, and the whole comparison.
    let isStopped: Cancellation

    /// Runs to the end, or until time is over.
    ///
    /// - Parameters:
    ///   - nanoseconds: After this time no image is begun; nil sets no limit.
    ///   - killsWorker: Whether one worker is killed at its work after a quarter of the images.
    /// - Returns: What was measured.
    /// - Throws: ``PipelineError``; ``Failure`` if the comparison was stopped.
    func run(
        forNanoseconds nanoseconds: Int64? = nil, killsWorker: Bool = false
    ) throws -> SampleResult {
        let control = RunControl()
        let limit = nanoseconds.map { MonotonicInstant.now.advanced(byNanoseconds: $0) }
        let collector = OutcomeCollector(killsAfter: killsWorker ? max(inputs.count / 4, 1) : nil) {
            [isStopped] in
            if isStopped.isSet { control.cancel(.durationLimit) }
            if let limit, MonotonicInstant.now > limit { control.drain(.durationLimit) }
        }
        let pipeline = Pipeline(
            inputs: inputs, find: FindOptions(), target: .discarded, recipe: recipe,
            settings: settings)
        PeakMemory.reset()
        let summary = try pipeline.run(control: control, observer: collector)
        if isStopped.isSet { throw Failure("stopped before the comparison was done", .interrupted) }
        return SampleResult(summary: summary, outcomes: collector.outcomes)
    }
}

/// What a run over a sample came to.
struct SampleResult {
    let summary: BatchSummary
    let outcomes: [ImageOutcome]

    /// The images that ended in a second.
    var imagesPerSecond: Double { perSecond(Double(outcomes.count)) }

    /// The pixels of a source, on the mean.
    var meanPixelCount: Double {
        max(Double(outcomes.pixelCount) / Double(max(outcomes.count, 1)), 1)
    }

    /// The part of lane time that waited for images to come or to go.
    var idleShare: Double {
        let profile = summary.profile
        let waits =
            profile.nanoseconds(in: .waitForFetched) + profile.nanoseconds(in: .waitForStore)
        return Double(waits) / Double(max(profile.nanoseconds(of: .lane), 1))
    }

    /// The run as a round of a comparison.
    ///
    /// Pixels are counted, since runs over parts of a sample are over images of other sizes.
    ///
    /// - Parameter pixelCount: The pixels of one image.
    /// - Returns: The round.
    func round(of pixelCount: Double) -> Comparison.Round {
        let imageCount = Double(outcomes.pixelCount) / pixelCount
        return Comparison.Round(
            imagesPerSecond: perSecond(imageCount),
            processorNanoseconds: Int64(Double(summary.usage.nanoseconds) / max(imageCount, 1)),
            peakMemoryByteCount: summary.peakMemoryByteCount, idleShare: idleShare)
    }

    private func perSecond(_ count: Double) -> Double {
        count * 1e9 / Double(max(summary.wallNanoseconds, 1))
    }
}

extension [ImageOutcome] {
    /// The pixels of all sources.
    var pixelCount: Int { reduce(0) { $0 + ($1.sourceSize?.pixelCount ?? 0) } }
}

/// Keeps the outcomes of a run, and kills a worker of it if that is wanted.
private final class OutcomeCollector: BatchObserver {
    private let state = Monitor<[ImageOutcome]>([])
    private let killsAfter: Int?
    private let onEnd: @Sendable () -> Void

    init(killsAfter: Int?, onEnd: @escaping @Sendable () -> Void) {
        self.killsAfter = killsAfter
        self.onEnd = onEnd
    }

    var outcomes: [ImageOutcome] { state.withLock { $0 } }

    func began(_ counts: @escaping @Sendable () -> BatchCounts) {}

    func noted(_ note: String) {}

    func ended(_ outcome: ImageOutcome) {
        let count = state.withLock {
            $0.append(outcome)
            return $0.count
        }
        if count == killsAfter {
            // Without the thread nothing is killed, and the comparison says that it does not know.
            try? DedicatedThread(named: "killer") { CurrentProcess.killWorkingChild() }.detach()
        }
        onEnd()
    }
}
