import Pipeline
import Profiling
import SystemCalls

/// Measures the same work in each mode, in interleaved rounds over a sample.
struct Measurement {
    let inputs: [Input]
    let find: FindOptions
    let recipe: Recipe
    let settings: RunSettings
    let roundCount: Int

    /// How long all runs together are to take.
    let nanoseconds: Int64
    let isStopped: Cancellation

    /// Told what is measured next, as in `round 2 of 5: processes`.
    let progress: (String) -> Void

    /// The most images of a sample: their outcomes are kept.
    private static let sampleCapacity = 20_000

    /// Takes all measurements.
    ///
    /// - Returns: The comparison.
    /// - Throws: ``PipelineError``, ``SystemCallError``, or ``Failure`` if there is nothing to
    ///   compare.
    func run() throws -> Comparison {
        let began = MonotonicInstant.now
        let drawn = Pipeline.sample(of: inputs, find: find, count: Self.sampleCapacity)
        guard drawn.foundCount > 0 else {
            // A run over the inputs themselves tells why there are none.
            _ = try sampleRun(inputs, .threads).run()
            throw Failure("no input matched", .noInput)
        }
        progress("reading the sample")
        let first = try sampleRun(drawn.inputs, .threads).run(forNanoseconds: share(0.1))
        guard first.outcomes.contains(where: { $0.status == .converted }) else {
            throw Failure(
                first.outcomes.compactMap { $0.failure?.description(of: $0.source) }.first
                    ?? "no image could be converted", .someFailed)
        }
        let fitting = Int(first.imagesPerSecond * Double(nanosecondsPerRun) / 1e9)
        let count = min(max(fitting, settings.jobs), drawn.inputs.count)
        let passCount = max(1, min(fitting, Self.sampleCapacity) / count)
        let sample = repeatElement(drawn.inputs.prefix(count), count: passCount).flatMap(\.self)
        var comparison = Comparison(
            try contenders(), jobs: settings.jobs, imageCount: count, foundCount: drawn.foundCount)
        comparison.passCount = passCount
        comparison.firstIdleShare = first.idleShare
        let usual = try measureRounds(sample, first.meanPixelCount, since: began, &comparison)
        try measureScaling(sample, first.meanPixelCount, since: began, &comparison)
        // A worker that is killed when its reply is out is missed by nobody, and tells nothing.
        for _ in 0..<5 where comparison.crash == nil && !isLate(1.5, since: began) {
            progress("a worker is killed")
            comparison.crash = try measureCrash(sample, usual: usual)
        }
        return comparison
    }

    private func contenders() throws -> [Comparison.Contender] {
        var threads = Comparison.Contender(name: "threads", unit: "a thread", isIsolated: false)
        threads.startNanoseconds = try StartTimes.thread()
        var processes = Comparison.Contender(
            name: "processes", unit: "a worker", isIsolated: true)
        processes.startNanoseconds = try StartTimes.worker(settings.workerExecutable)
        return [threads, processes]
    }

    /// Runs each mode once a round, and every second round in the opposite order, so that what
    /// changes with time favours none.
    ///
    /// - Returns: The outcomes of all rounds in processes, for the time that each image takes.
    private func measureRounds(
        _ sample: [Input], _ meanPixelCount: Double, since began: MonotonicInstant,
        _ comparison: inout Comparison
    ) throws -> [ImageOutcome] {
        var isolated: [ImageOutcome] = []
        // The first run of a mode takes its memory for the first time and counts for nothing.
        for mode in RunSettings.Mode.allCases where !isLate(0.3, since: began) {
            progress("warming up: \(mode.rawValue)")
            _ = try sampleRun(sample, mode).run(forNanoseconds: share(0.03))
        }
        for round in 0..<roundCount where round < 2 || !isLate(0.75, since: began) {
            let order = comparison.contenders.indices
            for index in round % 2 == 0 ? Array(order) : order.reversed() {
                let mode = mode(of: comparison.contenders[index])
                progress("round \(round + 1) of \(roundCount): \(mode.rawValue)")
                let result = try sampleRun(sample, mode).run(forNanoseconds: 2 * nanosecondsPerRun)
                comparison.contenders[index].rounds.append(result.round(of: meanPixelCount))
                if mode == .processes { isolated += result.outcomes }
            }
        }
        return isolated
    }

    /// Runs each mode with fewer lanes, over as much less of the sample.
    private func measureScaling(
        _ sample: [Input], _ meanPixelCount: Double, since began: MonotonicInstant,
        _ comparison: inout Comparison
    ) throws {
        var jobs = 1
        while jobs < settings.jobs, jobs == 1 || !isLate(1.3, since: began) {
            let part = Array(sample.prefix(max(sample.count * jobs / settings.jobs, jobs)))
            for index in comparison.contenders.indices {
                let mode = mode(of: comparison.contenders[index])
                progress("\(jobs) \(jobs == 1 ? "lane" : "lanes"): \(mode.rawValue)")
                let result = try sampleRun(part, mode, jobs: jobs)
                    .run(forNanoseconds: 2 * nanosecondsPerRun)
                comparison.contenders[index].scaling.append(
                    (jobs, result.round(of: meanPixelCount).imagesPerSecond))
            }
            jobs *= 2
        }
    }

    /// Kills a worker in the middle of a run.
    ///
    /// - Parameters:
    ///   - sample: What is converted.
    ///   - usual: Outcomes of undisturbed runs.
    /// - Returns: What it cost; nil if no image was being filtered.
    /// - Throws: What the run throws.
    private func measureCrash(
        _ sample: [Input], usual: [ImageOutcome]
    ) throws -> Comparison.Crash? {
        let result = try sampleRun(sample, .processes).run(killsWorker: true)
        guard let hit = result.outcomes.max(by: { $0.attempts < $1.attempts }), hit.attempts > 1
        else { return nil }
        // The attempt that came to nothing and the new worker are a wait; its decode was done again.
        let repeated = hit.times[.decode] * Int64(hit.attempts - 1) / Int64(hit.attempts)
        let waits = usual.reduce(0) { $0 + $1.times[.waitForWorker] }
        let extraWait = hit.times[.waitForWorker] - waits / Int64(max(usual.count, 1))
        // Others fail without a crash, too.
        let lost = result.outcomes.count { $0.failure?.kind == "worker-crashed" }
        return Comparison.Crash(nanoseconds: repeated + max(extraWait, 0), lostCount: lost)
    }

    private func sampleRun(
        _ inputs: [Input], _ mode: RunSettings.Mode, jobs: Int? = nil
    ) -> SampleRun {
        var settings = settings
        settings.mode = mode
        settings.jobs = jobs ?? settings.jobs
        settings.onCollision = .suffix
        settings.ledger = .none
        settings.quarantine = nil
        return SampleRun(
            inputs: inputs, recipe: recipe, settings: settings, isStopped: isStopped)
    }

    private func mode(of contender: Comparison.Contender) -> RunSettings.Mode {
        RunSettings.Mode(rawValue: contender.name) ?? .processes
    }

    private var nanosecondsPerRun: Int64 { share(0.55) / Int64(2 * roundCount) }

    /// Whether more than this part of the time is over: on a machine that is busy with other work
    /// runs take longer than the first one promised.
    private func isLate(_ part: Double, since began: MonotonicInstant) -> Bool {
        MonotonicInstant.now.nanoseconds(since: began) > share(part)
    }

    private func share(_ part: Double) -> Int64 { Int64(Double(nanoseconds) * part) }
}
