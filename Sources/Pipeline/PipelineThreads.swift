internal import Profiling
internal import SystemCalls
internal import Workers

/// The threads of a run: each measures itself and adds what it measured to the profile at its end.
extension Pipeline {
    func startFetchers(
        _ parts: RunParts, _ profile: Monitor<Profile>, _ threads: inout ThreadGroup
    ) throws(SystemCallError) {
        for number in 0..<settings.ioJobs {
            try threads.start(named: "fetch \(number)") {
                measured(as: .io, number, parts, profile) { clock in
                    var fetcher = Fetcher(parts)
                    fetcher.run(&clock)
                }
            }
        }
    }

    func startStorers(
        _ parts: RunParts, _ profile: Monitor<Profile>, _ threads: inout ThreadGroup
    ) throws(SystemCallError) {
        let storer = Storer(parts)
        for number in 0..<settings.ioJobs {
            try threads.start(named: "store \(number)") {
                measured(as: .storer, number, parts, profile) { storer.run(&$0) }
                // All storers end when the last result is stored, which is the end of the run.
                parts.watch.end()
            }
        }
    }

    /// Starts the lanes; each reports when it has what it needs, or why it never will.
    func startLanes(
        _ parts: RunParts, _ profile: Monitor<Profile>, _ threads: inout ThreadGroup
    ) throws(SystemCallError) -> LaneStart {
        let start = LaneStart(laneCount: settings.jobs)
        let kind = chooseMemory(parts)
        for number in 0..<settings.jobs {
            try threads.start(named: "lane \(number)") {
                measured(as: .lane, number, parts, profile) { clock in
                    runLane(number, parts, kind, start, &clock)
                }
            }
        }
        return start
    }

    private func chooseMemory(_ parts: RunParts) -> SharedMemoryKind {
        guard settings.mode == .processes else { return .posix }
        SharedMemoryKind.removeStaleNames()
        let (kind, note) = SharedMemoryKind.choose(budget: settings.memoryByteCount)
        if let note { parts.tally.note(note) }
        return kind
    }

    /// One lane's life, on its own thread: where its executor comes from is all that the modes
    /// differ in.
    private func runLane(
        _ number: Int, _ parts: RunParts, _ kind: SharedMemoryKind, _ start: LaneStart,
        _ clock: inout StageClock
    ) {
        switch settings.mode {
        case .threads:
            let executor = InlineExecutor(
                chain: recipe.chain, byteCountLimit: settings.memoryByteCount)
            start.report()
            var lane = Lane(number: number, executor: executor, parts)
            lane.run(&clock)
            parts.watch.sample()
        case .processes:
            do throws(PipelineError) {
                let executor = try startedExecutor(parts, kind)
                start.report()
                var lane = Lane(number: number, executor: executor, parts)
                lane.run(&clock)
                parts.watch.sample()
            } catch {
                start.report(error)
                parts.encoded.producerFinished()
            }
        }
    }

    private func startedExecutor(
        _ parts: RunParts, _ kind: SharedMemoryKind
    ) throws(PipelineError) -> ChildProcessExecutor {
        var executor: ChildProcessExecutor
        do {
            executor = try ChildProcessExecutor(
                chain: recipe.chain, executable: settings.workerExecutable,
                byteCountLimit: settings.memoryByteCount, kind: kind,
                imagesPerWorker: settings.imagesPerWorker)
        } catch {
            throw .sharedMemory(error)
        }
        do {
            try executor.startPatiently(parts.control)
        } catch {
            throw .worker(error)
        }
        return executor
    }
}

/// Runs a thread's work with a clock, and adds what it measured to the profile.
private func measured(
    as role: ThreadRole, _ number: Int, _ parts: RunParts, _ profile: Monitor<Profile>,
    _ body: (inout StageClock) -> Void
) {
    let name = "\(role.threadName) \(number)"
    let track = Track(process: CurrentProcess.id, role: role, number: number)
    parts.sink?.name(track, name, ofProcess: "pixloom")
    var clock = StageClock(Recorder(forwardingTo: parts.sink, track: track))
    body(&clock)
    // What it does behind its last stage, such as a look at the memory, is no time of its stages.
    let end = clock.mark
    let recorder = clock.finish()
    profile.withLock { $0.merge(recorder, role: role, name: name, ended: end) }
}
