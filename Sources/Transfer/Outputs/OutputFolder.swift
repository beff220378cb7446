internal import Glibc
internal import Synchronization
public import SystemCalls

/// The folder that the outputs go to.
///
/// It is opened once, and everything below it is reached from its descriptor, one component after
/// the other, without following symbolic links: whatever names come in, and whatever others plant
/// there, nothing is written anywhere else. Missing subfolders are made on the way.
///
/// An output appears whole under its name or not at all: it gets its name when it is written. Until
/// then it has none, or a hidden temporary one in the same folder where the file system wants every
/// file to have one. All methods may be called on any thread.
public final class OutputFolder: Sendable {
    /// Whether it was made by ``init(_:unnamedFileCount:)``, so that nothing was in it before.
    public let isNew: Bool

    private let root: OpenFolder
    private let recentFolders = Mutex(RecentFolders())
    private let allowance: DescriptorAllowance

    /// Opens the folder, after making it and the folders around it if they are missing.
    ///
    /// - Parameters:
    ///   - path: The folder, which may be reached through symbolic links; the empty path is the
    ///     working folder.
    ///   - unnamedFileCount: How many prepared files may be open, without a name, at a time; others
    ///     wait under temporary names.
    /// - Throws: ``TransferError/notAFolder(_:)`` if something else has its name,
    ///   ``TransferError/permissionDenied(_:)`` or ``TransferError/noSpace(_:)`` if no file can be
    ///   made in it.
    public init(_ path: BytePath, unnamedFileCount: Int = 0) throws(TransferError) {
        allowance = DescriptorAllowance(count: unnamedFileCount)
        isNew = try Self.makeFolders(path)
        root = try OpenFolder(path: path)
        try root.tryOut()
    }

    /// Looks at the file of this name, and at a symbolic link itself.
    ///
    /// - Returns: nil if there is nothing of this name.
    public func status(of path: BytePath) throws(TransferError) -> FileStatus? {
        let path = try OutputPath(path)
        do throws(TransferError) {
            return try folder(at: path.folder, making: false).status(of: path.name)
        } catch .notFound {
            return nil
        }
    }

    /// Whether there is something of this name, if only a symbolic link that leads nowhere.
    public func exists(_ path: BytePath) throws(TransferError) -> Bool {
        try status(of: path) != nil
    }

    /// The hash of the content of a file, which is read whole; no symbolic link is followed.
    ///
    /// - Parameter path: Its name relative to this folder.
    /// - Returns: The hash.
    /// - Throws: ``TransferError`` as the system reports it.
    public func contentHash(of path: BytePath) throws(TransferError) -> ContentHash {
        let path = try OutputPath(path)
        let file = try folder(at: path.folder, making: false).openForReading(path.name)
        let status = try FileStatus(ofDescriptor: file.rawValue)
        guard status.kind == .file else { throw .notAFile(status.kind) }
        let bytes = try file.readToEnd(maximumByteCount: status.byteCount)
        return ContentHash(of: bytes.span)
    }

    /// Writes a file whole, or not at all.
    ///
    /// It costs five system calls in a folder that was used recently. The bytes reach the disk when
    /// the system likes; see ``prepare(_:at:replacing:syncing:)`` for more.
    ///
    /// - Parameters:
    ///   - bytes: What the file is to contain.
    ///   - path: Its name relative to this folder.
    ///   - replacing: Whether a file that has the name already is replaced. It is never written to,
    ///     and a symbolic link of that name is itself replaced.
    /// - Throws: ``TransferError/badName(_:)``, ``TransferError/exists``,
    ///   ``TransferError/noSpace(_:)``, and what else the system reports. The name then belongs to
    ///   what it belonged to before.
    public func store(
        _ bytes: Span<UInt8>, at path: BytePath, replacing: Bool
    ) throws(TransferError) {
        try prepare(bytes, at: path, replacing: replacing).publish()
    }

    /// Writes a file in full, for ``PreparedFile/publish()``.
    ///
    /// - Parameters:
    ///   - bytes: What the file is to contain.
    ///   - path: Its name relative to this folder.
    ///   - replacing: As for ``store(_:at:replacing:)``.
    ///   - syncing: Whether to wait until the bytes are on disk.
    /// - Returns: The file.
    /// - Throws: As ``store(_:at:replacing:)``.
    public func prepare(
        _ bytes: Span<UInt8>, at path: BytePath, replacing: Bool, syncing: Bool = false
    ) throws(TransferError) -> PreparedFile {
        let path = try OutputPath(path)
        do throws(TransferError) {
            return try write(bytes, at: path, replacing: replacing, syncing: syncing)
        } catch .notFound {
            // The folder that was kept open has been removed meanwhile.
            recentFolders.withLock { $0.remove(at: path.folder) }
            return try write(bytes, at: path, replacing: replacing, syncing: syncing)
        }
    }

    /// Waits until all that was written to the file system of this folder is on disk: syncfs(2).
    ///
    /// It is one call for any number of files, where a sync of each costs a turn of the disk.
    public func syncAll() throws(TransferError) { try root.syncFileSystem() }

    /// Opens a file for appending, after making it and the folders around it if they are missing.
    ///
    /// - Parameter path: Its name relative to this folder; no symbolic link is followed.
    /// - Returns: The file.
    /// - Throws: ``TransferError`` as the system reports it.
    public func openForAppending(_ path: BytePath) throws(TransferError) -> AppendedFile {
        let path = try OutputPath(path)
        return AppendedFile(try folder(at: path.folder, making: true).openForAppending(path.name))
    }

    /// Waits until the names of the files in a folder are on disk.
    ///
    /// - Parameter path: The folder, relative to this one.
    /// - Throws: What fsync(2) reports; it is not to be called again then.
    public func syncNames(in path: BytePath) throws(TransferError) {
        try OutputPath.check(path)
        try folder(at: path, making: false).sync()
    }

    /// Removes what runs that were killed have left in a folder, and only that.
    ///
    /// - Parameter path: The folder, relative to this one; the ones below it are not looked at.
    /// - Returns: The number of files removed.
    /// - Throws: What the system reports of the folder or of one of the files.
    @discardableResult
    public func removeStaleTemporaries(in path: BytePath) throws(TransferError) -> Int {
        try OutputPath.check(path)
        let folder: OpenFolder
        do throws(TransferError) {
            folder = try self.folder(at: path, making: false)
        } catch .notFound {
            return 0
        }
        return try folder.removeStaleTemporaries()
    }
}

extension OutputFolder {
    private func write(
        _ bytes: Span<UInt8>, at path: OutputPath, replacing: Bool, syncing: Bool
    ) throws(TransferError) -> PreparedFile {
        let folder = try folder(at: path.folder, making: true)
        // Only a rename can replace a file. And the sync of a file without a name need not bring it
        // through a power failure: Btrfs leaves it out of its log.
        if !replacing, !syncing, let permit = allowance.take(),
            let file = try UnnamedFile.write(bytes, in: folder, permit: permit)
        {
            return PreparedFile(file, named: path.name)
        }
        let file = try TemporaryFile.write(bytes, in: folder, syncing: syncing)
        return PreparedFile(file, named: path.name, replacing: replacing)
    }

    /// Opens a folder below this one; missing ones are made if `making` says so.
    private func folder(at path: BytePath, making: Bool) throws(TransferError) -> OpenFolder {
        if path.isEmpty { return root }
        if let folder = recentFolders.withLock({ $0.folder(at: path) }) { return folder }
        var folder = root
        for name in path.components {
            folder = try Self.open(name, in: folder, making: making)
        }
        recentFolders.withLock { [folder] in $0.insert(folder, at: path) }
        return folder
    }

    private static func open(
        _ name: BytePath, in folder: OpenFolder, making: Bool
    ) throws(TransferError) -> OpenFolder {
        do throws(TransferError) {
            return try OpenFolder(name, in: folder)
        } catch .notFound where making {
            try folder.makeFolder(name)
            return try OpenFolder(name, in: folder)
        }
    }

    /// Makes a folder and those around it, as far as they are missing.
    ///
    /// - Returns: Whether the folder itself was made.
    private static func makeFolders(_ path: BytePath) throws(TransferError) -> Bool {
        if path.isEmpty || (try? FileStatus(of: path)) != nil { return false }
        _ = try makeFolders(path.parent)
        let result = unsafe path.withCString { unsafe mkdir($0, 0o777) }
        guard result == 0 || errno == EEXIST else {
            throw TransferError.last("mkdir").orNotAFolder(path)
        }
        return result == 0
    }
}

extension OpenFolder {
    fileprivate func removeStaleTemporaries() throws(TransferError) -> Int {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let nanoseconds = Int64(now.tv_sec) * 1_000_000_000
        var count = 0
        for name in try names(where: { TemporaryName($0) != nil }) {
            guard let status = try status(of: name),
                TemporaryName(name)?.isStale(
                    modification: status.modificationNanoseconds, now: nanoseconds) == true
            else { continue }
            do throws(TransferError) {
                try remove(name)
                count += 1
            } catch .notFound {
                // Another run was faster.
            }
        }
        return count
    }
}
