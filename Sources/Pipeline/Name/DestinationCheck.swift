internal import Images
internal import Profiling
internal import SystemCalls
internal import Transfer

/// Decides for each image where its result goes, and whether it is to be made at all.
struct DestinationCheck: Sendable {
    private let destinations: Destinations
    private let folder: OutputFolder?
    private let ledger: Ledger?
    private let policy: OverwritePolicy

    init(_ run: RunParts) {
        destinations = run.destinations
        folder = run.folder
        ledger = run.ledger
        policy = run.settings.overwrite
    }

    /// Whether names are known only when the size of the result is.
    var needsResultSize: Bool { destinations.needResultSize }

    /// Whether looking at a source before it is read can save reading it.
    var savesReading: Bool { policy == .stale && ledger?.index.isEmpty == false }

    /// Gives an image its destination.
    ///
    /// - Parameters:
    ///   - outcome: The image; its format is known. Its destination is set, and its status where
    ///     nothing is to be done.
    ///   - format: The format of the result.
    /// - Returns: Whether the image is to be converted.
    /// - Throws: ``ImageFailure`` if another input has the destination, or a file that is not to be
    ///   replaced.
    func assign(
        _ outcome: inout ImageOutcome, as format: ImageFormat
    ) throws(ImageFailure) -> Bool {
        let path = destinations.path(
            for: outcome.source, index: outcome.index, format: format, size: outcome.size)
        outcome.destination = path
        guard destinations.claim(path) else {
            throw ImageFailure(
                .store, kind: "collision", "\(path) is already the output of another input")
        }
        do throws(TransferError) {
            // What appears in a new folder meanwhile is met when the output gets its name.
            guard policy != .always, let folder, !folder.isNew,
                let existing = try folder.status(of: path)
            else { return true }
            guard policy == .stale, ledger?.index.made(path) != nil else { throw .exists }
            if outcome.identity == nil { outcome.identity = try identity(of: outcome.source) }
            if let identity = outcome.identity,
                ledger?.isUpToDate(
                    path, byteCount: existing.byteCount, from: outcome.source, identity) == true
            {
                outcome.status = .upToDate
                return false
            }
            outcome.replacesOutput = true
            return true
        } catch {
            throw ImageFailure(.store, error)
        }
    }

    /// The state of a source that has not been read; nil where only reading tells.
    private func identity(of source: Source) throws(TransferError) -> SourceIdentity? {
        switch source.place {
        case .file(let path): SourceIdentity(try FileStatus(of: path))
        case .url: SourceIdentity()
        case .standardInput: nil
        }
    }
}

extension SourceIdentity {
    /// The state of a file.
    init(_ status: FileStatus) {
        self.init(
            byteCount: status.byteCount, modificationNanoseconds: status.modificationNanoseconds)
    }
}
