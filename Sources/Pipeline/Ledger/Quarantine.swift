internal import SystemCalls
internal import Transfer

/// The folder where inputs that failed are gathered, each with the reason beside it.
///
/// The name begins with the hash of the source's name, so that files of one name from different
/// folders do not meet, and a second run replaces what it finds of the first.
final class Quarantine: Sendable {
    private let folder: OutputFolder
    private let maximumByteCount: Int

    /// Opens the folder, after making it if it is missing.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - maximumByteCount: The largest file that is copied, in bytes.
    /// - Throws: ``TransferError`` if no file can be made there.
    init(_ path: BytePath, maximumByteCount: Int) throws(TransferError) {
        folder = try OutputFolder(path)
        self.maximumByteCount = maximumByteCount
    }

    /// Copies a failed input and writes why it failed; of one that is too large or cannot be read,
    /// there is the reason alone.
    ///
    /// - Returns: Why that could not be done; nil if it was.
    func add(_ outcome: ImageOutcome) -> TransferError? {
        guard let failure = outcome.failure else { return nil }
        let name = SourceName(outcome.source)
        let start = Array("\(name.hash.hexadecimal)-".utf8) + name.stem
        let ending = name.fileExtension.isEmpty ? [] : [UInt8(ascii: ".")] + name.fileExtension
        let text = "\(outcome.source.displayName)\n\(failure.description(of: outcome.source))\n"
        do throws(TransferError) {
            try store(Array(text.utf8), as: start + ending + Array(".txt".utf8))
            if case .file(let path) = outcome.source.place,
                let file = try? FileSource.read(path, maximumByteCount: maximumByteCount)
            {
                try store(file.bytes, as: start + ending)
            }
            return nil
        } catch {
            return error
        }
    }

    private func store(_ bytes: [UInt8], as name: [UInt8]) throws(TransferError) {
        guard let path = BytePath(name) else { return }
        try folder.store(bytes.span, at: path, replacing: true)
    }
}
