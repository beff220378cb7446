internal import Glibc
internal import SystemCalls

/// An output that is written in full, but still under a temporary name.
///
/// It ends in ``publish(replacing:)``, or leaves nothing behind. Between the two steps a ledger can
/// note what is about to appear, and many files can be synced at once: it holds no descriptor, so
/// any number of files may wait.
public struct PreparedFile: ~Copyable, Sendable {
    private var temporary: TemporaryFile
    private let name: BytePath

    /// Writes a file under a temporary name in the folder where it is going to be.
    static func write(
        _ bytes: Span<UInt8>, named name: BytePath, in folder: OpenFolder, syncing: Bool
    ) throws(TransferError) -> PreparedFile {
        let temporaryName = TemporaryName().path
        let descriptor = try folder.makeFile(temporaryName)
        let temporary = TemporaryFile(name: temporaryName, folder: folder)
        try descriptor.writeAll(bytes)
        // A sync that failed is never tried again: the kernel has dropped the bytes that it could
        // not write, and would call the rest a success.
        if syncing, fdatasync(descriptor.rawValue) != 0 { throw .last("fdatasync") }
        try descriptor.closeChecked()
        return PreparedFile(temporary: temporary, name: name)
    }

    /// Gives the file its name, at which the whole of it appears at once.
    ///
    /// - Parameter replacing: Whether a file that has the name already is replaced.
    /// - Throws: ``TransferError/exists`` if there is one and it is not to be replaced;
    ///   ``TransferError/notAFile(_:)`` if a folder has the name.
    public consuming func publish(replacing: Bool) throws(TransferError) {
        try temporary.rename(to: name, replacing: replacing)
    }
}

/// A file under a temporary name, which is removed with its owner unless it was renamed.
private struct TemporaryFile: ~Copyable, Sendable {
    let name: BytePath
    let folder: OpenFolder
    private var isRenamed = false

    init(name: BytePath, folder: OpenFolder) {
        self.name = name
        self.folder = folder
    }

    deinit {
        // Nothing can be done about a failure; the next run removes what is left.
        if !isRenamed { try? folder.remove(name) }
    }

    mutating func rename(to final: BytePath, replacing: Bool) throws(TransferError) {
        if replacing {
            try folder.rename(name, replacing: final)
        } else {
            try folder.rename(name, to: final)
        }
        isRenamed = true
    }
}
