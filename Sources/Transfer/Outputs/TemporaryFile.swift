internal import Glibc
internal import SystemCalls

/// A file that is written in full under a temporary name, and is removed with its owner unless it
/// was renamed.
struct TemporaryFile: ~Copyable, Sendable {
    private let name: BytePath
    private let folder: OpenFolder
    private var isRenamed = false

    /// Writes a file in the folder where it is going to be.
    ///
    /// - Parameters:
    ///   - bytes: What it is to contain.
    ///   - folder: The folder.
    ///   - syncing: Whether to wait until the bytes are on disk.
    /// - Returns: The file.
    /// - Throws: What the system reports; nothing is left then.
    static func write(
        _ bytes: Span<UInt8>, in folder: OpenFolder, syncing: Bool
    ) throws(TransferError) -> TemporaryFile {
        let name = TemporaryName.makePath()
        let descriptor = try folder.makeFile(name)
        let file = TemporaryFile(name: name, folder: folder)
        try descriptor.writeAll(bytes)
        // A sync that failed is never tried again: the kernel has dropped the bytes that it could
        // not write, and would call the rest a success.
        if syncing, fdatasync(descriptor.rawValue) != 0 { throw .last("fdatasync") }
        try descriptor.closeChecked()
        return file
    }

    private init(name: BytePath, folder: OpenFolder) {
        self.name = name
        self.folder = folder
    }

    deinit {
        // Nothing can be done about a failure; the next run removes what is left.
        if !isRenamed { try? folder.remove(name) }
    }

    /// Gives the file its name in the folder.
    mutating func rename(to final: BytePath, replacing: Bool) throws(TransferError) {
        if replacing {
            try folder.rename(name, replacing: final)
        } else {
            try folder.rename(name, to: final)
        }
        isRenamed = true
    }
}
