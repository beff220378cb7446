internal import Profiling
internal import SystemCalls
internal import Transfer

/// Writes results to their destinations; several I/O threads.
struct Storer: Sendable {
    private let settings: RunSettings
    private let destinations: Destinations
    private let folder: OutputFolder?
    private let control: RunControl
    private let tally: Tally
    private let input: BoundedQueue<ImageInFlight>

    init(_ run: RunParts) {
        settings = run.settings
        destinations = run.destinations
        folder = run.folder
        control = run.control
        tally = run.tally
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
                try store(image.bytes, of: &outcome)
            } catch {
                outcome = outcome.failed(error)
            }
            clock.lap(.store, byteCount: image.bytes.count, in: &outcome.times)
            tally.end(outcome)
        }
    }

    private func store(
        _ bytes: [UInt8], of outcome: inout ImageOutcome
    ) throws(ImageFailure) {
        guard let folder else {
            do {
                return try StandardStreams.writeOutput(bytes.span)
            } catch {
                throw ImageFailure(.store, error)
            }
        }
        if outcome.destination == nil, let format = outcome.format {
            let path = destinations.path(
                for: outcome.source, index: outcome.index, format: format, size: outcome.size)
            try destinations.give(path, to: &outcome, in: folder, overwriting: settings.overwrite)
        }
        guard let destination = outcome.destination else { return }
        do throws(TransferError) {
            if tally.isNewFolder(destination.parent) {
                try folder.removeStaleTemporaries(in: destination.parent)
            }
            try folder.store(
                bytes.span, at: destination, replacing: settings.overwrite == .always)
        } catch {
            throw ImageFailure(.store, error)
        }
    }
}
