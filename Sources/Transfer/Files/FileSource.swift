internal import Glibc
public import SystemCalls

/// Reads files whole.
///
/// Files are never mapped: one that is cut while it is mapped would end the process with SIGBUS.
public enum FileSource {
    /// Reads a file whole.
    ///
    /// It is opened without waiting, so that a fifo without a writer does not hang the thread; only
    /// regular files are read.
    ///
    /// - Parameters:
    ///   - path: The file; a symbolic link is followed.
    ///   - maximumByteCount: The largest size that is read, in bytes.
    ///   - makeRoom: Called with the size before memory for it is taken.
    /// - Returns: The bytes, and which file they are of.
    /// - Throws: ``TransferError/notFound``, ``TransferError/notAFile(_:)``,
    ///   ``TransferError/tooLarge(limit:actual:)``; ``TransferError/changed`` if the size or the time
    ///   of the last change is no longer the same after the last byte.
    public static func read(
        _ path: BytePath, maximumByteCount: Int, makeRoom: (Int) -> Void = { _ in }
    ) throws(TransferError) -> FetchedFile {
        let descriptor = try open(path)
        let status = try regularFileStatus(of: descriptor)
        guard status.byteCount <= maximumByteCount else {
            throw .tooLarge(limit: maximumByteCount, actual: status.byteCount)
        }
        makeRoom(status.byteCount)
        // The byte more shows a file that grows.
        let bytes = try descriptor.readToEnd(maximumByteCount: status.byteCount + 1)
        guard bytes.count == status.byteCount,
            try FileStatus(ofDescriptor: descriptor.rawValue) == status
        else {
            throw .changed
        }
        return FetchedFile(bytes: bytes, status: status)
    }

    /// Reads at most `count` bytes from the start of a file, to tell its format.
    ///
    /// - Parameters:
    ///   - path: The file; a symbolic link is followed.
    ///   - count: The number of bytes that are wanted.
    /// - Returns: As many bytes, or all if the file has fewer.
    /// - Throws: As ``read(_:maximumByteCount:makeRoom:)``.
    public static func firstBytes(
        of path: BytePath, count: Int = 16
    ) throws(TransferError) -> [UInt8] {
        let descriptor = try open(path)
        _ = try regularFileStatus(of: descriptor)
        return try descriptor.readToEnd(maximumByteCount: count)
    }

    private static func open(_ path: BytePath) throws(TransferError) -> OwnedDescriptor {
        do {
            return try OwnedDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        } catch .systemCallFailed(let cause) where cause.errno == ENXIO {
            // What open(2) says of a socket, and of a device that nothing drives.
            throw .notAFile(try FileStatus(of: path).kind)
        }
    }

    private static func regularFileStatus(
        of descriptor: borrowing OwnedDescriptor
    ) throws(TransferError) -> FileStatus {
        let status = try FileStatus(ofDescriptor: descriptor.rawValue)
        guard status.kind == .file else { throw .notAFile(status.kind) }
        return status
    }
}

/// A file that was read whole.
public struct FetchedFile: Sendable {
    /// All bytes of the file.
    public let bytes: [UInt8]

    /// The file as it was before and after it was read.
    public let status: FileStatus
}
