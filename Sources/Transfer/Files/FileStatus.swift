internal import Glibc
public import SystemCalls

/// What the system says about one file, without its bytes.
public struct FileStatus: Hashable, Sendable {
    /// What the file is.
    public let kind: FileKind

    /// Which file it is, whatever its name.
    public let identity: FileIdentity

    /// Its size in bytes.
    public let byteCount: Int

    /// When its bytes last changed, in nanoseconds since 1970.
    public let modificationNanoseconds: Int64

    /// Looks at the file of this name; the last component may be a symbolic link and is followed.
    ///
    /// - Throws: ``TransferError/notFound`` and what else stat(2) reports.
    public init(of path: BytePath) throws(TransferError) {
        var status = stat()
        let result = unsafe path.withCString { unsafe stat($0, &status) }
        guard result == 0 else { throw .last("stat") }
        self.init(status)
    }

    /// Looks at an open file.
    init(ofDescriptor descriptor: CInt) throws(TransferError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last("fstat") }
        self.init(status)
    }

    /// Looks at the file of this name in an open folder; nil if there is none.
    ///
    /// - Parameters:
    ///   - name: A name in the folder.
    ///   - folder: The descriptor of the folder.
    ///   - followingLink: Whether a symbolic link stands for what it leads to.
    /// - Throws: What fstatat(2) reports.
    init?(
        of name: BytePath, inFolder folder: CInt, followingLink: Bool
    ) throws(TransferError) {
        var status = stat()
        let flags = followingLink ? 0 : AT_SYMLINK_NOFOLLOW
        let result = unsafe name.withCString { unsafe fstatat(folder, $0, &status, flags) }
        if result != 0 {
            if errno == ENOENT { return nil }
            throw .last("fstatat")
        }
        self.init(status)
    }

    private init(_ status: stat) {
        kind = FileKind(mode: status.st_mode)
        identity = FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        byteCount = Int(status.st_size)
        modificationNanoseconds =
            Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }
}

/// A file or folder on this machine: two names with one identity are one file.
public struct FileIdentity: Hashable, Sendable {
    /// The file system.
    public let device: UInt64

    /// The number of the file in it (its inode).
    public let number: UInt64
}

extension FileKind {
    init(mode: mode_t) {
        self =
            switch mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            default: .device
            }
    }
}
