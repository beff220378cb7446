extension Profile {
    /// Names what binds and what to change, in one sentence.
    ///
    /// Lanes do the work, so lanes that are idle for a fifth of their time wait for what binds; the
    /// I/O threads then tell what that is. Lanes that are not idle bind themselves: by their number
    /// if there are cores to spare, by their costliest stage if not. Every gain is a bound by
    /// Amdahl's law (1967): all of a wait or a stage gone, until the next resource is used up.
    public func verdict(context: RunContext) -> Verdict {
        let lanes = LaneShares(of: self)
        guard lanes.time > 0, context.imageCount > 0 else {
            return Verdict(.nothing, "nothing was converted, so nothing binds")
        }
        guard context.imageCount >= context.jobs else {
            return fewImages(context)
        }
        let idle = max(lanes.starved, lanes.blocked, lanes.memory)
        if idle < idleThreshold { return busyLanes(lanes, context) }
        return switch idle {
        case lanes.memory: memoryBudget(waiting: lanes.memory)
        case lanes.blocked: slowStore(waiting: lanes.blocked, context)
        default: starvedLanes(lanes, context)
        }
    }

    // MARK: - Lanes that wait

    private func starvedLanes(_ lanes: LaneShares, _ context: RunContext) -> Verdict {
        let io = IOShares(of: self)
        switch max(io.fetch, io.store, io.source, io.memory) {
        case 0: return slowFetch(io, lanes, context)
        case io.store: return slowStore(waiting: lanes.starved, context)
        case io.memory: return memoryBudget(waiting: io.memory)
        case io.source:
            if context.imageCount <= 2 * context.jobs { return fewImages(context) }
            return Verdict(
                .source, gain: speedUp(without: lanes.starved),
                "finding the inputs binds (I/O threads wait for the next one "
                    + "\(Quantity.percent(io.source)) of their time, lanes are idle "
                    + "\(Quantity.percent(lanes.starved))): give the inputs as a list that is ready"
            )
        default:
            return slowFetch(io, lanes, context)
        }
    }

    private func slowFetch(
        _ io: IOShares, _ lanes: LaneShares, _ context: RunContext
    ) -> Verdict {
        let bound = speedUp(without: lanes.starved)
        let lanesAreIdle = "lanes wait for images \(Quantity.percent(lanes.starved)) of their time"
        let threads = "\(context.ioJobs) \(ThreadRole.io.name(count: context.ioJobs))"
        if context.ioJobs < context.usualIOJobs {
            let wanted = ioJobsToFeedLanes(lanes, context)
            return Verdict(
                .ioThreads, gain: min(bound, Double(wanted) / Double(context.ioJobs)),
                "too few I/O threads: \(threads) "
                    + "\(context.ioJobs == 1 ? "fetches" : "fetch") \(Quantity.percent(io.fetch)) of "
                    + "the time while \(lanesAreIdle): --io-jobs \(wanted)")
        }
        let wall = max(context.wallNanoseconds, 1)
        let rate = Quantity.threeDigits(ratio(byteCount(of: .fetch), wall) * 1000)
        let what = context.hasURLs ? "the network" : "the disk"
        return Verdict(
            context.hasURLs ? .network : .disk, gain: bound,
            "\(what) binds (\(threads) fetch \(rate) MB/s together, \(lanesAreIdle)): a faster "
                + (context.hasURLs ? "server or line, or --io-jobs \(2 * context.ioJobs)" : "disk"))
    }

    private func slowStore(waiting share: Double, _ context: RunContext) -> Verdict {
        let waiting = "lanes wait for it \(Quantity.percent(share)) of their time"
        if context.ioJobs < RunContext.usualIOJobsForFiles {
            return Verdict(
                .ioThreads,
                gain: min(
                    speedUp(without: share),
                    Double(RunContext.usualIOJobsForFiles) / Double(context.ioJobs)),
                "too few I/O threads: \(context.ioJobs) to store with, and \(waiting): "
                    + "--io-jobs \(RunContext.usualIOJobsForFiles)")
        }
        return Verdict(
            .destination, gain: speedUp(without: share),
            "the destination binds (\(waiting)): a faster disk to write to")
    }

    private func memoryBudget(waiting: Double) -> Verdict {
        Verdict(
            .memory, gain: speedUp(without: waiting),
            "the memory budget binds (\(Quantity.percent(waiting)) of the time is spent waiting "
                + "for room): a larger --memory")
    }

    private func fewImages(_ context: RunContext) -> Verdict {
        let images = context.imageCount == 1 ? "1 image is" : "\(context.imageCount) images are"
        let jobs = context.jobs
        return Verdict(
            .fewImages,
            "\(images) too few to keep \(jobs) \(ThreadRole.lane.name(count: jobs)) busy")
    }

    // MARK: - Lanes that work

    private func busyLanes(_ lanes: LaneShares, _ context: RunContext) -> Verdict {
        if context.jobs < context.cores {
            let jobs = "\(context.jobs) \(ThreadRole.lane.name(count: context.jobs))"
            return Verdict(
                .lanes,
                gain: min(Double(context.cores) / Double(context.jobs), ioHeadroom(context)),
                "too few lanes: \(jobs) for \(context.cores) cores, \(lanes.idleText): "
                    + "-j \(context.cores)")
        }
        let costliest = lanes.work.max { $0.share < $1.share }
        guard let costliest, costliest.share > 0 else {
            return Verdict(.nothing, "no stage took any time, so nothing binds")
        }
        return switch costliest.stage {
        case .waitForWorker: slowWorker(lanes, share: costliest.share, context)
        case .filter: slowFilter(lanes, share: costliest.share, context)
        case .encode:
            slow(.encode, lanes, share: costliest.share, remedy: context.cheaperEncoding, context)
        default: slow(.decode, lanes, share: costliest.share, remedy: nil, context)
        }
    }

    private func slow(
        _ bottleneck: Bottleneck, _ lanes: LaneShares, share: Double, remedy: String?,
        _ context: RunContext
    ) -> Verdict {
        let fact =
            "\(bottleneck.jsonName) binds (\(Quantity.percent(share)) of busy time); "
            + lanes.idleText
        guard let remedy else { return Verdict(bottleneck, fact + ": more cores") }
        return Verdict(
            bottleneck, gain: min(speedUp(without: share), ioHeadroom(context)),
            fact + ": more cores or \(remedy)")
    }

    private func slowFilter(
        _ lanes: LaneShares, share: Double, _ context: RunContext
    ) -> Verdict {
        guard let filter = parts.max(by: { $0.durations.total < $1.durations.total }) else {
            return slow(.filter("filter"), lanes, share: share, remedy: nil, context)
        }
        let all = parts.reduce(0) { $0 + $1.durations.total }
        return slow(
            .filter(filter.name), lanes, share: share * ratio(filter.durations.total, all),
            remedy: context.filterRemedies[filter.name] ?? "a cheaper \(filter.name)", context)
    }

    private func slowWorker(
        _ lanes: LaneShares, share: Double, _ context: RunContext
    ) -> Verdict {
        Verdict(
            .worker, gain: min(speedUp(without: share), ioHeadroom(context)),
            "the way to the worker processes binds (\(Quantity.percent(share)) of busy time goes "
                + "into spawns and messages); \(lanes.idleText): --mode threads")
    }

    // MARK: - Bounds

    private var idleThreshold: Double { 0.2 }

    private func speedUp(without share: Double) -> Double {
        1 / max(1 - share, 0.001)
    }

    /// How many times faster the lanes can become before fetch and store are busy all the time.
    ///
    /// I/O threads that have read everything end long before the run, so the run's time counts.
    private func ioHeadroom(_ context: RunContext) -> Double {
        let busy = [ThreadRole.io, .storer].map { role in
            let count = Int64(threads.count { $0.role == role })
            return ratio(busyNanoseconds(of: role), count &* context.wallNanoseconds)
        }
        return 1 / max(busy.max() ?? 0, 0.001)
    }

    /// The I/O threads that fetch as fast as lanes that never wait for them convert.
    private func ioJobsToFeedLanes(_ lanes: LaneShares, _ context: RunContext) -> Int {
        let wall = Double(lanes.time) * (1 - lanes.starved) / Double(max(context.jobs, 1))
        let wanted = (Double(nanoseconds(in: .fetch)) / max(wall, 1)).rounded(.up)
        return Int(min(max(wanted, Double(context.ioJobs + 1)), Double(context.usualIOJobs)))
    }
}

extension RunContext {
    static let usualIOJobsForFiles = 4

    /// The I/O threads from which on more of them rarely help: the defaults of `--io-jobs`.
    fileprivate var usualIOJobs: Int { hasURLs ? 32 : RunContext.usualIOJobsForFiles }
}

/// What lanes did, as parts of their time.
private struct LaneShares {
    let time: Int64
    let starved: Double
    let blocked: Double
    let memory: Double

    /// Each stage that keeps a lane busy, as a part of the time in all of them.
    let work: [(stage: Stage, share: Double)]

    init(of profile: Profile) {
        let lanes = profile.threads.filter { $0.role == .lane }
        func sum(_ stage: Stage) -> Int64 { lanes.reduce(0) { $0 + $1.nanoseconds(in: stage) } }

        let time = profile.nanoseconds(of: .lane)
        self.time = time
        starved = ratio(sum(.waitForFetched), time)
        blocked = ratio(sum(.waitForStore), time)
        memory = ratio(sum(.waitForMemory), time)
        let stages: [Stage] = [.decode, .filter, .encode, .waitForWorker]
        let busy = stages.reduce(0) { $0 + sum($1) }
        work = stages.map { ($0, ratio(sum($0), busy)) }
    }

    var idleText: String {
        let idle = starved + blocked + memory
        return idle < 0.01
            ? "lanes are never idle" : "lanes are idle \(Quantity.percent(idle)) of their time"
    }
}

/// What I/O threads did, as parts of their time.
private struct IOShares {
    let fetch: Double
    let store: Double
    let source: Double
    let memory: Double

    init(of profile: Profile) {
        let threads = profile.threads.filter { $0.role == .io }
        let time = profile.nanoseconds(of: .io)
        func share(_ stage: Stage) -> Double {
            ratio(threads.reduce(0) { $0 + $1.nanoseconds(in: stage) }, time)
        }
        fetch = share(.fetch)
        store = share(.store)
        source = share(.waitForSource)
        memory = share(.waitForMemory)
    }
}
