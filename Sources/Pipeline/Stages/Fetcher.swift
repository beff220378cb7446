internal import Codecs
internal import Images
internal import Profiling
internal import SystemCalls
internal import Transfer

/// Reads or downloads the bytes of sources and decides what they become; several I/O threads.
struct Fetcher: ~Copyable {
    private let settings: RunSettings
    private let recipe: Recipe
    private let destination: DestinationCheck
    private let ledger: Ledger?
    private let control: RunControl
    private let tally: Tally
    private let room: MemoryBudget
    private let input: BoundedQueue<ImageOutcome>
    private let output: BoundedQueue<ImageInFlight>
    private var downloader: Downloader

    init(_ run: RunParts) {
        settings = run.settings
        recipe = run.recipe
        destination = DestinationCheck(run)
        ledger = run.ledger
        control = run.control
        tally = run.tally
        room = run.memory.sources
        input = run.found
        output = run.fetched
        downloader = Downloader(
            limits: run.settings.downloads, cancellation: run.control.cancellation)
    }

    /// Runs until no more sources come.
    ///
    /// - Parameter clock: Measures this thread.
    mutating func run(_ clock: inout StageClock) {
        while true {
            let next = input.pop()
            clock.lap(.waitForSource)
            guard var outcome = next else { break }
            if control.isDraining { continue }
            clock.setImage(outcome.source)
            outcome.start = clock.mark
            let fetched = fetch(&outcome, &clock)
            clock.lap(.fetch, byteCount: outcome.byteCountIn, in: &outcome.times)
            if let fetched {
                output.push(
                    ImageInFlight(outcome: outcome, bytes: fetched.bytes, room: fetched.room))
                clock.lap(.waitForLane)
            } else if outcome.failure?.kind != "cancelled" {
                // What is stopped with the run counts as not done.
                tally.end(outcome)
            }
        }
        output.producerFinished()
    }

    /// The bytes of a source, and the room that they take.
    private struct Fetched {
        let bytes: [UInt8]
        let room: ImageRoom
    }

    /// The bytes of an image that is to be converted; nil, with the outcome filled in, for all
    /// others.
    private mutating func fetch(
        _ outcome: inout ImageOutcome, _ clock: inout StageClock
    ) -> Fetched? {
        do throws(ImageFailure) {
            if settings.retriesFailedOnly, ledger?.index.hasFailed(outcome.source) != true {
                outcome.status = .skipped
                return nil
            }
            // A destination that is known before the source's bytes can save reading them.
            var format = recipe.format
            if format == nil, destination.savesReading {
                guard try findFormat(&outcome) else { return nil }
                format = outcome.format
            }
            if let format {
                guard try prepareDestination(of: &outcome, as: format) else { return nil }
            }
            let fetched = try read(&outcome, &clock)
            guard let sourceFormat = try imageFormat(fetched.bytes, of: &outcome) else {
                return nil
            }
            if format == nil {
                let format = recipe.outputFormat(for: sourceFormat)
                guard try prepareDestination(of: &outcome, as: format) else { return nil }
            }
            return fetched
        } catch {
            outcome = outcome.failed(error)
            return nil
        }
    }

    /// What would be done with a source: its outcome in a dry run.
    func planned(_ outcome: ImageOutcome) -> ImageOutcome {
        var outcome = outcome
        outcome.status = .planned
        do throws(ImageFailure) {
            outcome.format = recipe.format
            if recipe.format == nil {
                guard try findFormat(&outcome) else { return outcome }
            }
            if let format = outcome.format {
                _ = try prepareDestination(of: &outcome, as: format)
            }
            return outcome
        } catch {
            return outcome.failed(error)
        }
    }

    /// Looks at the first bytes of a file for the format of its result, which stays open for what
    /// is no file.
    ///
    /// - Returns: False, with the outcome filled in, if the source is to be skipped.
    private func findFormat(_ outcome: inout ImageOutcome) throws(ImageFailure) -> Bool {
        guard case .file(let path) = outcome.source.place else { return true }
        let bytes: [UInt8]
        do {
            bytes = try FileSource.firstBytes(of: path)
        } catch {
            throw ImageFailure(.fetch, error)
        }
        guard let format = try imageFormat(bytes, of: &outcome) else { return false }
        outcome.format = recipe.outputFormat(for: format)
        return true
    }

    /// The format of a source; nil, with the outcome filled in, if it is to be skipped.
    private func imageFormat(
        _ bytes: [UInt8], of outcome: inout ImageOutcome
    ) throws(ImageFailure) -> ImageFormat? {
        if let format = ImageFormat(firstBytes: bytes.span) {
            outcome.sourceFormat = format
            return format
        }
        guard outcome.source.isFoundInFolder else { throw ImageFailure(.decode, .unknownFormat) }
        outcome.status = .skipped
        return nil
    }

    /// Reads a source.
    ///
    /// A file waits for room before it is read; the size of a download is known at its end only, so
    /// each I/O thread may have one beyond.
    private mutating func read(
        _ outcome: inout ImageOutcome, _ clock: inout StageClock
    ) throws(ImageFailure) -> Fetched {
        let bytes: [UInt8]
        var taken: ImageRoom?
        do throws(TransferError) {
            let limit = settings.downloads.maximumByteCount
            switch outcome.source.place {
            case .file(let path):
                let file = try FileSource.read(path, maximumByteCount: limit) {
                    taken = ImageRoom($0, of: room)
                }
                outcome.identity = SourceIdentity(file.status)
                bytes = file.bytes
            case .url(let url):
                let source = outcome.source
                let download = try downloader.fetch(url) { error in
                    let failure = ImageFailure(.fetch, error)
                    clock.note(failure.kind, detail: failure.description(of: source))
                }
                outcome.identity = SourceIdentity(entityTag: download.entityTag)
                bytes = download.bytes
            case .standardInput:
                // Whoever waits for its first byte has nothing in hand.
                bytes = try StandardStreams.readInput(
                    maximumByteCount: limit, cancellation: control.draining)
            }
        } catch {
            throw ImageFailure(.fetch, error)
        }
        outcome.byteCountIn = bytes.count
        return Fetched(bytes: bytes, room: taken ?? ImageRoom(bytes.count, of: room))
    }

    /// Notes the format, and the destination where its name is known already.
    ///
    /// - Returns: Whether the image is to be converted.
    private func prepareDestination(
        of outcome: inout ImageOutcome, as format: ImageFormat
    ) throws(ImageFailure) -> Bool {
        outcome.format = format
        if destination.needsResultSize { return true }
        return try destination.assign(&outcome, as: format)
    }
}
