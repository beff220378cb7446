internal import Glibc
internal import SystemCalls

/// The names in one open folder, in the order of the file system, without "." and "..".
@safe
struct FolderStream: ~Copyable {
    private let stream: OpaquePointer

    /// Takes over a descriptor of a folder.
    init(adopting descriptor: consuming OwnedDescriptor) throws(TransferError) {
        let rawValue = descriptor.release()
        guard let stream = unsafe fdopendir(rawValue) else {
            let error = TransferError.last("fdopendir")
            _ = close(rawValue)
            throw error
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe closedir(stream)
    }

    /// The next name, with what it names where the file system keeps that beside the name; nil at
    /// the end.
    mutating func next() throws(TransferError) -> (name: BytePath, kind: FileKind?)? {
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw .last("readdir") }
                return nil
            }
            guard let name = unsafe Self.name(of: entry) else { continue }
            return (name, unsafe FileKind(entryType: CInt(entry.pointee.d_type)))
        }
    }

    /// Looks at the file of this name, or through a symbolic link of this name.
    func status(
        of name: BytePath, followingLink: Bool
    ) throws(TransferError) -> FileStatus? {
        try unsafe FileStatus(of: name, inFolder: dirfd(stream), followingLink: followingLink)
    }

    /// The folder's own status.
    func status() throws(TransferError) -> FileStatus {
        try unsafe FileStatus(ofDescriptor: dirfd(stream))
    }

    /// The bytes of a name; nil for "." and "..".
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> BytePath? {
        // Not `entry.pointee.d_name`: it would copy 256 bytes, of which fewer may be there.
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
        let start = unsafe UnsafeRawPointer(entry) + offset
        let byteCount = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
        let name = unsafe BytePath(UnsafeRawBufferPointer(start: start, count: byteCount))
        return name == "." || name == ".." ? nil : name
    }
}

extension FileKind {
    /// Reads the type of a directory entry; nil where the file system does not say.
    fileprivate init?(entryType: CInt) {
        switch Int(entryType) {
        case Int(DT_REG): self = .file
        case Int(DT_DIR): self = .folder
        case Int(DT_LNK): self = .symbolicLink
        case Int(DT_FIFO): self = .fifo
        case Int(DT_SOCK): self = .socket
        case Int(DT_BLK), Int(DT_CHR): self = .device
        default: return nil
        }
    }
}
