internal import Profiling
internal import SystemCalls
internal import Transfer

/// Writes results to their destinations; several I/O threads.
struct Storer: Sendable {
    private let destination: DestinationCheck
    private let folder: OutputFolder?
    private let publisher: Publisher?
    private let ledger: Ledger?
    private let tally: Tally
    private let discardsOutputs: Bool
    private let input: BoundedQueue<ImageInFlight>

    init(_ run: RunParts) {
        destination = DestinationCheck(run)
        folder = run.folder
        publisher = run.publisher
        ledger = run.ledger
        tally = run.tally
        discardsOutputs = run.discardsOutputs
        input = run.encoded
    }

    /// Runs until no more results come.
    ///
    /// - Parameter clock: Measures this thread.
    func run(_ clock: inout StageClock) {
        while true {
            let next = input.pop()
            clock.lap(.waitForEncoded)
            guard let image = next else { break }
            clock.setImage(image.outcome.source)
            var outcome = image.outcome
            outcome.byteCountOut = image.bytes.count
            do throws(ImageFailure) {
                try store(image.bytes, of: &outcome, &clock)
            } catch {
                clock.lap(.store, in: &outcome.times)
                tally.end(outcome.failed(error))
            }
        }
    }

    private func store(
        _ bytes: [UInt8], of outcome: inout ImageOutcome, _ clock: inout StageClock
    ) throws(ImageFailure) {
        if discardsOutputs {
            clock.lap(.store, byteCount: bytes.count, in: &outcome.times)
            return tally.end(outcome)
        }
        if folder != nil, outcome.destination == nil, let format = outcome.format {
            guard try destination.assign(&outcome, as: format) else {
                return tally.end(outcome)
            }
        }
        if ledger != nil { outcome.outputHash = ContentHash(of: bytes.span) }
        do throws(TransferError) {
            guard let publisher, let path = outcome.destination else {
                try StandardStreams.writeOutput(bytes.span)
                clock.lap(.store, byteCount: bytes.count, in: &outcome.times)
                return tally.end(outcome)
            }
            if tally.isNewFolder(path.parent) { removeStaleTemporaries(in: path.parent) }
            let file = try publisher.prepare(bytes, of: outcome, at: path)
            outcome.times[.store] += clock.elapsedNanoseconds
            publisher.publish(file, as: outcome, at: path)
            clock.lap(.store, byteCount: bytes.count)
        } catch {
            throw ImageFailure(.store, error)
        }
    }

    /// Where that is not allowed, as where another user's run was killed, no image suffers.
    private func removeStaleTemporaries(in path: BytePath) {
        do {
            try folder?.removeStaleTemporaries(in: path)
        } catch {
            let place = path.isEmpty ? "the output folder" : "\(path)"
            tally.note("cannot remove what a killed run left in \(place): \(error)")
        }
    }
}
