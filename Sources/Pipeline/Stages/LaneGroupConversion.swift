internal import Images
internal import Profiling
internal import Workers

/// The same for small images that come together: all are decoded, filtered in one run, and encoded.
extension Lane where Executor: ~Copyable {
    /// Converts an image, and those that follow it at once, in memory that was taken for a group.
    ///
    /// - Returns: The last one that followed, if it did not fit and is still to be converted.
    mutating func convert(
        _ first: LaneImage, in group: LaneGroup, _ clock: inout StageClock
    ) -> LaneImage? {
        var group = group
        var images = [first]
        var ahead: LaneImage?
        // What stands in the way of the memory the first image meets again by itself, as an attempt.
        if (try? executor.makeRoom(byteCount: group.byteCount)) != nil {
            ahead = decode(first, in: &group, &clock)
            images = group.images
        }
        var converted: [ImageInFlight] = []
        if images.count > 1, let results = filter(&group, &clock) {
            converted = encode(group, results, &clock)
        } else {
            // At which of several it was nobody knows: it was nobody's attempt, and all begin again.
            let decoded = images.count == 1 ? group.decoded.first : nil
            for image in images {
                clock.setImage(image.inFlight.outcome.source)
                if let result = convertAlone(image, decoded, &clock) {
                    converted.append(result)
                } else {
                    // The time that it took is not the next one's.
                    clock.lap(.waitForWorker)
                }
            }
        }
        releaseFrames(group.byteCount)
        // Nobody waits for room for results while he holds a frame.
        for image in converted { handOn(image, &clock) }
        return ahead
    }

    /// Decodes an image and those that follow it at once, as far as they fit.
    ///
    /// - Returns: The one that followed and did not fit.
    private mutating func decode(
        _ first: LaneImage, in group: inout LaneGroup, _ clock: inout StageClock
    ) -> LaneImage? {
        var next: LaneImage? = first
        while var image = next.take() {
            guard group.fits(image.preparation) else { return image }
            do throws(Setback) {
                let decoded = try decode(&image, at: group.requests.nextOffset, &clock)
                group.append(image, decoded)
            } catch {
                end(image, error)
            }
            if group.images.count < executor.largestGroup { next = nextAtOnce(&clock) }
        }
        return nil
    }

    /// Filters the images of a group.
    ///
    /// - Returns: The layouts of the results; nil if it came to nothing.
    private mutating func filter(
        _ group: inout LaneGroup, _ clock: inout StageClock
    ) -> [PixelLayout]? {
        do throws(WorkerError) {
            let runs = try run(group.requests, checkpoint())
            for (index, run) in runs.enumerated() {
                clock.setImage(group.images[index].inFlight.outcome.source)
                lap(run, of: &group.images[index], &clock)
            }
            clock.lap(.waitForWorker)
            return runs.map(\.result)
        } catch {
            let count = group.images.count
            clock.note(
                ImageFailure(error, attempts: 1).kind, detail: "\(count) images together: \(error)")
            clock.lap(.waitForWorker)
            return nil
        }
    }

    /// Encodes the results of a group; those of images that it cannot encode are left out.
    private mutating func encode(
        _ group: LaneGroup, _ results: [PixelLayout], _ clock: inout StageClock
    ) -> [ImageInFlight] {
        var encoded: [ImageInFlight] = []
        for (index, member) in group.requests.members.enumerated() {
            var image = group.images[index]
            clock.setImage(image.inFlight.outcome.source)
            // The time that the others took is not this one's.
            let checkpoint = checkpoint()
            do throws(Setback) {
                try encode(
                    &image, group.decoded[index].report, results[index], at: member.offset,
                    checkpoint, &clock)
                encoded.append(image.inFlight)
            } catch {
                end(image, error)
            }
        }
        return encoded
    }
}
