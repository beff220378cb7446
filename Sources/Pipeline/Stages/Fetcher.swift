internal import Codecs
internal import Images
internal import Profiling
internal import SystemCalls
internal import Transfer

/// Reads or downloads the bytes of sources and decides what they become; several I/O threads.
struct Fetcher: ~Copyable {
    private let settings: RunSettings
    private let recipe: Recipe
    private let destinations: Destinations
    private let folder: OutputFolder?
    private let control: RunControl
    private let tally: Tally
    private let input: BoundedQueue<ImageOutcome>
    private let output: BoundedQueue<ImageInFlight>
    private var downloader: Downloader

    init(_ run: RunParts) {
        settings = run.settings
        recipe = run.recipe
        destinations = run.destinations
        folder = run.folder
        control = run.control
        tally = run.tally
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
            let fetched = fetch(&outcome)
            clock.lap(.fetch, byteCount: outcome.byteCountIn, in: &outcome.times)
            if let bytes = fetched {
                output.push(ImageInFlight(outcome: outcome, bytes: bytes))
                clock.lap(.waitForLane)
            } else {
                tally.end(outcome)
            }
        }
        output.producerFinished()
    }

    /// The bytes of an image that is to be converted; nil, with the outcome filled in, for all
    /// others.
    private mutating func fetch(_ outcome: inout ImageOutcome) -> [UInt8]? {
        do throws(ImageFailure) {
            // A destination that is known before the source's bytes can save reading them.
            if let format = recipe.format { try prepareDestination(of: &outcome, as: format) }
            let bytes = try read(outcome.source)
            outcome.byteCountIn = bytes.count
            guard let sourceFormat = try imageFormat(bytes, of: &outcome) else { return nil }
            if recipe.format == nil {
                try prepareDestination(
                    of: &outcome, as: recipe.outputFormat(for: sourceFormat))
            }
            return bytes
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
            if recipe.format == nil, case .file(let path) = outcome.source.place {
                let bytes: [UInt8]
                do {
                    bytes = try FileSource.firstBytes(of: path)
                } catch {
                    throw ImageFailure(.fetch, error)
                }
                guard let sourceFormat = try imageFormat(bytes, of: &outcome) else {
                    return outcome
                }
                outcome.format = recipe.outputFormat(for: sourceFormat)
            } else {
                outcome.format = recipe.format
            }
            if let format = outcome.format { try prepareDestination(of: &outcome, as: format) }
            return outcome
        } catch {
            return outcome.failed(error)
        }
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

    private mutating func read(_ source: Source) throws(ImageFailure) -> [UInt8] {
        do throws(TransferError) {
            let limit = settings.downloads.maximumByteCount
            switch source.place {
            case .file(let path):
                return try FileSource.read(path, maximumByteCount: limit).bytes
            case .url(let url):
                return try downloader.fetch(url).bytes
            case .standardInput:
                return
                    try StandardStreams.readInput(
                        maximumByteCount: limit, cancellation: control.cancellation)
            }
        } catch {
            throw ImageFailure(.fetch, error)
        }
    }

    /// Notes the format, and the destination where its name is known already.
    private func prepareDestination(
        of outcome: inout ImageOutcome, as format: ImageFormat
    ) throws(ImageFailure) {
        outcome.format = format
        guard !destinations.needResultSize else { return }
        let path = destinations.path(
            for: outcome.source, index: outcome.index, format: format, size: nil)
        try destinations.give(path, to: &outcome, in: folder, overwriting: settings.overwrite)
    }
}

extension Destinations {
    /// Makes `path` the destination of an image, if no other has it and nothing is in the way.
    func give(
        _ path: BytePath, to outcome: inout ImageOutcome, in folder: OutputFolder?,
        overwriting policy: OverwritePolicy
    ) throws(ImageFailure) {
        outcome.destination = path
        guard claim(path) else {
            throw ImageFailure(
                .store, kind: "collision", "\(path) is already the output of another input")
        }
        do throws(TransferError) {
            if policy == .never, try folder?.exists(path) == true { throw .exists }
        } catch {
            throw ImageFailure(.store, error)
        }
    }
}
