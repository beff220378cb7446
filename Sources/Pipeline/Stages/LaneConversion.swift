internal import Codecs
internal import Filters
internal import Images
internal import Profiling
internal import SystemCalls
internal import Workers

/// From the header of an image to its result, in as many attempts as the policy allows.
extension Lane where Executor: ~Copyable {
    /// Converts an image, and those that follow it at once if all of them are small.
    ///
    /// - Returns: The last one that followed, if it did not fit and is still to be converted.
    mutating func convert(_ image: LaneImage, _ clock: inout StageClock) -> LaneImage? {
        let needed = image.preparation.byteCount
        guard needed <= memory.frames.byteCount else {
            let beside = memory.byteCount - memory.frames.byteCount
            end(
                image,
                .worker(.memoryLimitExceeded(needed: needed + beside, limit: memory.byteCount)))
            return nil
        }
        let group = LaneGroup(byteCount: pace.groupByteCount)
        if executor.largestGroup > 1, group.fits(image.preparation),
            memory.frames.acquireAtOnce(group.byteCount)
        {
            return convert(image, in: group, &clock)
        }
        var image = image
        if !memory.frames.acquireAtOnce(needed) {
            clock.lap(.decode, in: &image.inFlight.outcome.times)
            deliver(&clock)
            memory.frames.acquire(needed)
            clock.lap(.waitForMemory, in: &image.inFlight.outcome.times)
        }
        let converted = convertAlone(image, nil, &clock)
        releaseFrames(needed)
        if let converted { handOn(converted, &clock) }
        return nil
    }

    /// Converts an image in as many attempts as the policy allows.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - decoded: What its decoder found, if its pixels are already at the start of the memory.
    ///   - clock: Measures this thread.
    /// - Returns: The result; nil if the image has been ended.
    mutating func convertAlone(
        _ image: LaneImage, _ decoded: LaneImage.Decoded?, _ clock: inout StageClock
    ) -> ImageInFlight? {
        var (image, decoded) = (image, decoded)
        policy.beginImage()
        while true {
            image.inFlight.outcome.attempts = policy.attempts
            do throws(Setback) {
                try attempt(&image, decoded.take(), &clock)
                return image.inFlight
            } catch .worker(let error) {
                let source = image.inFlight.outcome.source
                let failure = ImageFailure(error, attempts: 1)
                clock.note(failure.kind, detail: failure.description(of: source))
                switch policy.decide(after: error) {
                case .retry(let nanoseconds):
                    Pause.wait(nanoseconds: nanoseconds)
                    clock.lap(.waitForWorker, in: &image.inFlight.outcome.times)
                    continue
                case .condemn: break
                case .giveUp: control.drain(.environment("cannot start \(error)"))
                }
                end(image, .worker(error))
            } catch {
                end(image, error)
            }
            return nil
        }
    }

    private mutating func attempt(
        _ image: inout LaneImage, _ decoded: LaneImage.Decoded?, _ clock: inout StageClock
    ) throws(Setback) {
        let plan = image.preparation.plan
        let decoded = if let decoded { decoded } else { try decodeAlone(&image, &clock) }
        var result = plan.result
        if !plan.isEmpty {
            do throws(WorkerError) {
                let group = FilterGroup(image.preparation.request, plan)
                for run in try run(group, decoded.checkpoint) {
                    lap(run, of: &image, &clock)
                    result = run.result
                }
                clock.lap(.waitForWorker, in: &image.inFlight.outcome.times)
            } catch {
                throw .worker(error)
            }
        }
        try encode(&image, decoded.report, result, at: 0, decoded.checkpoint, &clock)
    }

    private mutating func decodeAlone(
        _ image: inout LaneImage, _ clock: inout StageClock
    ) throws(Setback) -> LaneImage.Decoded {
        do {
            try executor.makeRoom(byteCount: image.preparation.plan.byteCount)
        } catch {
            throw .worker(error)
        }
        return try decode(&image, at: 0, &clock)
    }

    // MARK: - Steps of an attempt

    /// Decodes an image to the start of its frame.
    mutating func decode(
        _ image: inout LaneImage, at offset: Int, _ clock: inout StageClock
    ) throws(Setback) -> LaneImage.Decoded {
        let preparation = image.preparation
        let source = preparation.plan.source
        let checkpoint = checkpoint()
        let convertsToSRGB = recipe.convertsToSRGB
        let bytes = image.inFlight.bytes
        let report: DecodeReport
        do throws(CodecError) {
            report = try executor.withMemory(offset..<offset + source.byteCount) {
                (pixels) throws(CodecError) in
                var report = try preparation.decoder.decode(
                    bytes.span, as: preparation.header, shrunkBy: preparation.shrink,
                    into: &pixels, checkpoint: checkpoint)
                if convertsToSRGB {
                    let obstacle = try ColorManagement.convertToSRGB(
                        &pixels, of: source, metadata: &report.metadata,
                        of: preparation.header.format, checkpoint: checkpoint)
                    if let obstacle { report.warnings.append(obstacle) }
                }
                return report
            }
        } catch {
            throw .codec(.decode, error)
        }
        clock.lap(.decode, byteCount: source.byteCount, in: &image.inFlight.outcome.times)
        return LaneImage.Decoded(report: report, checkpoint: checkpoint)
    }

    /// Filters what is decoded, as one attempt.
    mutating func run(
        _ group: FilterGroup, _ checkpoint: Checkpoint
    ) throws(WorkerError) -> [FilterRun] {
        let runs = try executor.run(group, checkpoint: checkpoint)
        policy.succeeded()
        let nanoseconds = runs.reduce(0) { $0 + $1.end.nanoseconds(since: $1.start) }
        pace.ran(group.byteCount, within: nanoseconds)
        return runs
    }

    /// Ends the stages of an image that its filters ran in.
    mutating func lap(
        _ run: FilterRun, of image: inout LaneImage, _ clock: inout StageClock
    ) {
        let plan = image.preparation.plan
        clock.lap(.waitForWorker, until: run.start, in: &image.inFlight.outcome.times)
        if let worker = run.worker, worker != child {
            clock.nameChild(worker, ofLane: number)
            child = worker
        }
        clock.parts(of: run, in: plan)
        clock.lap(
            .filter, byteCount: plan.source.byteCount, until: run.end,
            in: &image.inFlight.outcome.times)
    }

    /// Encodes a result out of its frame: the image's bytes are then those of its file.
    mutating func encode(
        _ image: inout LaneImage, _ report: DecodeReport, _ result: PixelLayout,
        at offset: Int, _ checkpoint: Checkpoint, _ clock: inout StageClock
    ) throws(Setback) {
        let preparation = image.preparation
        let metadata = recipe.metadata.applied(to: report.metadata)
        image.inFlight.outcome.size = result.size
        image.inFlight.outcome.warnings =
            report.warnings
            + metadata.losses(in: preparation.encoder.format, for: result.format)
        let start = offset + preparation.plan.resultOffset
        let options = recipe.encoding
        do throws(CodecError) {
            image.inFlight.bytes = try executor.withMemory(start..<start + result.byteCount) {
                (pixels) throws(CodecError) in
                try preparation.encoder.encode(
                    pixels.bytes, as: result, metadata: metadata, options: options,
                    checkpoint: checkpoint)
            }
        } catch {
            throw .codec(.encode, error)
        }
        clock.lap(.encode, byteCount: result.byteCount, in: &image.inFlight.outcome.times)
    }

    /// When work that begins now must end.
    func checkpoint() -> Checkpoint {
        Checkpoint(
            deadline: .now.advanced(byNanoseconds: settings.timeoutNanoseconds),
            cancellation: control.cancellation)
    }

    /// Gives the memory of frames back.
    mutating func releaseFrames(_ byteCount: Int) {
        // What a lane keeps for its next image is its share; a larger frame was an exception.
        executor.giveBack(beyond: memory.frames.byteCount / settings.jobs)
        memory.frames.release(byteCount)
    }
}
