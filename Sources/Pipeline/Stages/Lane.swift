internal import Profiling
internal import SystemCalls
internal import Workers

/// Takes images from encoded bytes to encoded bytes; one thread each.
///
/// An image runs to completion before the next begins, or with those that follow it if all of them
/// are small: see ``LaneGroup``. So decoded pixels exist only here, in the memory of the lane's
/// executor: decoded straight into it and encoded straight out of it.
struct Lane<Executor: FilterExecutor & ~Copyable>: ~Copyable {
    let number: Int
    let settings: RunSettings
    let recipe: Recipe
    let control: RunControl
    let memory: ImageMemory
    let tally: Tally
    var executor: Executor
    var policy: AttemptPolicy
    var pace = LanePace()
    var child: CInt?
    private let input: BoundedQueue<ImageInFlight>
    private let output: BoundedQueue<ImageInFlight>
    private var plans: RecentPlans

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
        var ahead: LaneImage?
        while let image = ahead.take() ?? next(&clock) {
            if control.isDraining { continue }
            ahead = convert(image, &clock)
        }
        output.producerFinished()
    }

    /// The next image whose header is right; nil at the end.
    ///
    /// What was made of those before is not kept while this waits.
    private mutating func next(_ clock: inout StageClock) -> LaneImage? {
        while true {
            var next = input.popAtOnce()
            if next == nil {
                deliver(&clock)
                next = input.pop()
            }
            clock.lap(.waitForFetched)
            guard let next else { return nil }
            if control.isDraining { continue }
            if let image = prepared(next, &clock) { return image }
        }
    }

    /// The next image if it is there already and its header is right.
    mutating func nextAtOnce(_ clock: inout StageClock) -> LaneImage? {
        guard !control.isDraining, let next = input.popAtOnce() else { return nil }
        clock.lap(.waitForFetched)
        return prepared(next, &clock)
    }

    private mutating func prepared(
        _ inFlight: ImageInFlight, _ clock: inout StageClock
    ) -> LaneImage? {
        var inFlight = inFlight
        clock.setImage(inFlight.outcome.source)
        inFlight.outcome.lane = number
        do {
            let preparation = try Preparation(
                inFlight.bytes, recipe: recipe, output: inFlight.outcome.format, plans: &plans)
            return LaneImage(inFlight, preparation)
        } catch {
            tally.end(inFlight.outcome.failed(error))
            return nil
        }
    }

    /// Ends an image that has come to nothing; where the run is being ended it counts as not done.
    func end(_ image: LaneImage, _ setback: Setback) {
        let failure = setback.failure(
            attempts: policy.attempts, timeout: settings.timeoutNanoseconds)
        if let failure { tally.end(image.inFlight.outcome.failed(failure)) }
    }

    /// Hands a result on, at once or with the next ones: the storers are woken once for several
    /// results that follow each other quickly.
    mutating func handOn(_ image: consuming ImageInFlight, _ clock: inout StageClock) {
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

    /// Hands on all results that are kept.
    mutating func deliver(_ clock: inout StageClock) {
        if finished.isEmpty { return }
        output.push(contentsOf: finished)
        finished.removeAll(keepingCapacity: true)
        clock.lap(.waitForStore)
    }
}
