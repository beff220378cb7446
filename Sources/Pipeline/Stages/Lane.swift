internal import Codecs
internal import Filters
internal import Images
internal import Profiling
internal import SystemCalls
internal import Workers

/// Takes one image after the other from encoded bytes to encoded bytes; one thread each.
///
/// An image runs to completion before the next begins, so decoded pixels exist only here, once for
/// each lane, in the memory of the lane's executor: decoded straight into it and encoded straight
/// out of it.
struct Lane<Executor: FilterExecutor & ~Copyable>: ~Copyable {
    private let number: Int
    private let settings: RunSettings
    private let recipe: Recipe
    private let control: RunControl
    private let memory: ImageMemory
    private let tally: Tally
    private let input: BoundedQueue<ImageInFlight>
    private let output: BoundedQueue<ImageInFlight>
    private var executor: Executor
    private var policy: AttemptPolicy
    private var plans: RecentPlans
    private var child: CInt?

    /// Results that are to be handed on together.
    private var finished: [ImageInFlight] = []

    /// When the first of them was made.
    private var finishedFirst = MonotonicInstant.now

    /// What makes a lane hand its results on: so many of them, so long a time since the first, or
    /// one so large that writing it costs more than waking a thread.
    private static var countHeldBack: Int { 16 }
    private static var nanosecondsHeldBack: Int64 { 5_000_000 }
    private static var byteCountHeldBack: Int { 64 << 10 }

    init(number: Int, executor: consuming Executor, _ run: RunParts) {
        self.number = number
        self.executor = executor
        settings = run.settings
        recipe = run.recipe
        control = run.control
        memory = run.memory
        tally = run.tally
        input = run.fetched
        output = run.encoded
        plans = RecentPlans(of: run.recipe.chain)
        policy = AttemptPolicy(retries: run.settings.retries)
    }

    /// Runs until no more images come.
    ///
    /// - Parameter clock: Measures this thread.
    mutating func run(_ clock: inout StageClock) {
        while true {
            let next = next(&clock)
            clock.lap(.waitForFetched)
            guard var image = next else { break }
            if control.isDraining { continue }
            clock.setImage(image.outcome.source)
            image.outcome.lane = number
            do throws(Setback) {
                image.bytes = try convert(image.bytes, of: &image.outcome, &clock)
                handOn(image, &clock)
            } catch {
                // Where the run is being ended the input counts as not done.
                let failure = error.failure(
                    attempts: policy.attempts, timeout: settings.timeoutNanoseconds)
                if let failure {
                    tally.end(image.outcome.failed(failure))
                }
            }
        }
        output.producerFinished()
    }

    /// The next image; what was made of those before is not kept while this waits for it.
    private mutating func next(_ clock: inout StageClock) -> ImageInFlight? {
        if let image = input.popAtOnce() { return image }
        deliver(&clock)
        return input.pop()
    }

    /// Hands a result on, at once or with the next ones: the storers are woken once for several
    /// results that follow each other quickly.
    private mutating func handOn(_ image: consuming ImageInFlight, _ clock: inout StageClock) {
        // The source's goes first: see ``ImageMemory``.
        image.room = nil
        if let room = ImageRoom.takenAtOnce(image.bytes.count, of: memory.results) {
            image.room = room
        } else {
            deliver(&clock)
            image.room = ImageRoom(image.bytes.count, of: memory.results)
            clock.lap(.waitForStore)
        }
        if finished.isEmpty { finishedFirst = clock.mark }
        let byteCount = image.bytes.count
        finished.append(image)
        if finished.count >= Self.countHeldBack
            || clock.mark.nanoseconds(since: finishedFirst) >= Self.nanosecondsHeldBack
            || byteCount >= Self.byteCountHeldBack
        {
            deliver(&clock)
        }
    }

    private mutating func deliver(_ clock: inout StageClock) {
        if finished.isEmpty { return }
        output.push(contentsOf: finished)
        finished.removeAll(keepingCapacity: true)
        clock.lap(.waitForStore)
    }

    /// What keeps an image from its result.
    private enum Setback: Error {
        case unprepared(ImageFailure)
        case codec(Stage, CodecError)
        case worker(WorkerError)

        /// The failure to report; nil if the run is being ended.
        func failure(attempts: Int, timeout: Int64) -> ImageFailure? {
            switch self {
            case .codec(let stage, .interrupted(.deadlinePassed)):
                ImageFailure(lateIn: stage, timeout: timeout)
            case .worker(.timedOut), .worker(.interrupted(.deadlinePassed)):
                ImageFailure(lateIn: .filter, timeout: timeout, attempts: attempts)
            case .codec(_, .interrupted(.cancelled)), .worker(.interrupted(.cancelled)),
                .worker(.cannotStart):
                nil
            case .unprepared(let failure): failure
            case .codec(let stage, let error): ImageFailure(stage, error)
            case .worker(let error): ImageFailure(error, attempts: attempts)
            }
        }
    }

    /// The encoded result of an image, after as many attempts as the policy allows.
    private mutating func convert(
        _ bytes: [UInt8], of outcome: inout ImageOutcome, _ clock: inout StageClock
    ) throws(Setback) -> [UInt8] {
        let preparation: Preparation
        do {
            preparation = try Preparation(
                bytes, recipe: recipe, output: outcome.format, plans: &plans)
        } catch {
            throw .unprepared(error)
        }
        outcome.sourceSize = preparation.header.layout.size
        let needed = preparation.byteCount
        guard needed <= memory.frames.byteCount else {
            let beside = memory.byteCount - memory.frames.byteCount
            throw .worker(.memoryLimitExceeded(needed: needed + beside, limit: memory.byteCount))
        }
        if !memory.frames.acquireAtOnce(needed) {
            clock.lap(.decode, in: &outcome.times)
            deliver(&clock)
            memory.frames.acquire(needed)
            clock.lap(.waitForMemory, in: &outcome.times)
        }
        defer {
            // What a lane keeps for its next image is its share; a larger frame was an exception.
            executor.giveBack(beyond: memory.frames.byteCount / settings.jobs)
            memory.frames.release(needed)
        }
        policy.beginImage()
        while true {
            outcome.attempts = policy.attempts
            do throws(Setback) {
                return try attempt(preparation, bytes, of: &outcome, &clock)
            } catch .worker(let error) {
                let failure = ImageFailure(error, attempts: 1)
                clock.note(failure.kind, detail: failure.description(of: outcome.source))
                switch policy.decide(after: error) {
                case .retry(let nanoseconds): Pause.wait(nanoseconds: nanoseconds)
                case .condemn: throw .worker(error)
                case .giveUp:
                    control.drain(.environment("cannot start \(error)"))
                    throw .worker(error)
                }
                clock.lap(.waitForWorker, in: &outcome.times)
            } catch {
                throw error
            }
        }
    }

    private mutating func attempt(
        _ preparation: Preparation, _ bytes: [UInt8], of outcome: inout ImageOutcome,
        _ clock: inout StageClock
    ) throws(Setback) -> [UInt8] {
        let plan = preparation.plan
        let checkpoint = Checkpoint(
            deadline: clock.mark.advanced(byNanoseconds: settings.timeoutNanoseconds),
            cancellation: control.cancellation)
        do { try executor.makeRoom(byteCount: plan.byteCount) } catch { throw .worker(error) }
        let convertsToSRGB = recipe.convertsToSRGB
        let report: DecodeReport
        do throws(CodecError) {
            report = try executor.withMemory(byteCount: plan.source.byteCount) {
                (pixels) throws(CodecError) in
                var report = try preparation.decoder.decode(
                    bytes.span, as: preparation.header, shrunkBy: preparation.shrink,
                    into: &pixels, checkpoint: checkpoint)
                if convertsToSRGB {
                    let obstacle = try ColorManagement.convertToSRGB(
                        &pixels, of: plan.source, metadata: &report.metadata,
                        of: preparation.header.format, checkpoint: checkpoint)
                    if let obstacle { report.warnings.append(obstacle) }
                }
                return report
            }
        } catch {
            throw .codec(.decode, error)
        }
        clock.lap(.decode, byteCount: plan.source.byteCount, in: &outcome.times)
        var result = plan.result
        if !plan.isEmpty {
            do throws(WorkerError) {
                let run = try executor.run(plan, as: preparation.request, checkpoint: checkpoint)
                policy.succeeded()
                clock.lap(.waitForWorker, until: run.start, in: &outcome.times)
                if let worker = run.worker, worker != child {
                    clock.nameChild(worker, ofLane: number)
                    child = worker
                }
                clock.parts(of: run, in: plan)
                clock.lap(
                    .filter, byteCount: plan.source.byteCount, until: run.end, in: &outcome.times)
                clock.lap(.waitForWorker, in: &outcome.times)
                result = run.result
            } catch {
                throw .worker(error)
            }
        }
        outcome.size = result.size
        let metadata = recipe.metadata.applied(to: report.metadata)
        outcome.warnings =
            report.warnings
            + metadata.losses(in: preparation.encoder.format, for: result.format)
        do throws(CodecError) {
            let encoded = try executor.withMemory(
                byteCount: plan.resultOffset + result.byteCount
            ) { (memory) throws(CodecError) in
                let pixels = memory.bytes.extracting(
                    plan.resultOffset..<plan.resultOffset + result.byteCount)
                return try preparation.encoder.encode(
                    pixels, as: result, metadata: metadata, options: recipe.encoding,
                    checkpoint: checkpoint)
            }
            clock.lap(.encode, byteCount: result.byteCount, in: &outcome.times)
            return encoded
        } catch {
            throw .codec(.encode, error)
        }
    }
}
