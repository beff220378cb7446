internal import CLinuxShims
internal import Glibc

/// Where the memory of segments comes from; decided once, at the start of a run.
public enum SharedMemoryKind: String, Hashable, Sendable {
    /// `/dev/shm`, as POSIX has it: shm_open(3).
    case posix = "shm_open"

    /// Memory without a file system, for where `/dev/shm` is missing or small: memfd_create(2).
    case anonymous = "memfd_create"

    /// The bytes that are free in `/dev/shm`, or the reason why it cannot hold segments at all.
    ///
    /// - Returns: A number of bytes, which others may take at any time.
    /// - Throws: ``SystemCallError`` where no object can be made there.
    public static func freeByteCount() throws(SystemCallError) -> Int {
        _ = try makeUnnamedObject()
        var status = statvfs()
        guard unsafe statvfs("/dev/shm", &status) == 0 else { throw .last("statvfs") }
        return Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }

    /// Removes the names of objects whose maker was killed between giving the name and taking it
    /// away, which frees their memory.
    public static func removeStaleNames() {
        for name in SharedMemoryName.all() where name.maker.hasEnded {
            // Another run may have been quicker.
            _ = unsafe shm_unlink(name.path)
        }
    }

    /// Opens a new object of no bytes that has no name.
    func makeObject() throws(SystemCallError) -> OwnedDescriptor {
        switch self {
        case .posix:
            return try Self.makeUnnamedObject()
        case .anonymous:
            let number = unsafe pixloom_memfd_create("pixloom")
            guard number != -1 else { throw .last("memfd_create") }
            return OwnedDescriptor(adopting: number)
        }
    }

    private static func makeUnnamedObject() throws(SystemCallError) -> OwnedDescriptor {
        while true {
            let name = SharedMemoryName().path
            // glibc's shm_open(3) sets close-on-exec: a child inherits only what spawn hands it.
            let number = unsafe shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0o600)
            if number == -1 {
                guard errno == EEXIST else { throw .last("shm_open") }
                continue
            }
            let descriptor = OwnedDescriptor(adopting: number)
            guard unsafe shm_unlink(name) == 0 else { throw .last("shm_unlink") }
            return descriptor
        }
    }
}
