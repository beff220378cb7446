internal import CLinuxShims
internal import Glibc

/// Memory that a lane and its child process map at the same time, once for all of their images;
/// this is the parent's end of it.
///
/// A segment knows only bytes; a plan says what they mean. A large range of addresses is reserved
/// at the start and costs nothing; pages are committed as images need them and then used again,
/// since the first touch of a fresh page runs at a tenth of the memory's speed.
///
/// - Lifetime: the name that shm_open(3) needs is unlinked before `init` returns. The kernel frees
///   the memory when the last process that maps it is gone, even by a crash, so nothing stays in
///   `/dev/shm`.
/// - Ownership: one value owns one descriptor and one mapping. Both go with it.
/// - Across processes: Swift's exclusivity rules end at the process boundary. From a request to
///   its reply only the child touches the committed bytes; what it wrote is data from outside.
/// - Units: every size is in bytes.
public struct SharedMemorySegment: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor
    private var mapping: SharedMapping

    /// The bytes from the start that may be touched; the rest has no memory behind it yet.
    public private(set) var committedByteCount = 0

    /// Reserves a segment that no other process can open by name; none of it is committed.
    ///
    /// - Parameters:
    ///   - reservedByteCount: The most that the segment can hold, at least 1.
    ///   - kind: Where the memory comes from.
    /// - Throws: ``SystemCallError`` if the object or its mapping cannot be made.
    public init(
        reserving reservedByteCount: Int, as kind: SharedMemoryKind
    ) throws(SystemCallError) {
        let descriptor = try kind.makeObject()
        // Sparse: the size may exceed what /dev/shm holds, since only `commit` takes pages.
        guard ftruncate(descriptor.rawValue, off_t(reservedByteCount)) == 0 else {
            throw .last("ftruncate")
        }
        self.mapping = try SharedMapping(of: descriptor, byteCount: reservedByteCount)
        self.descriptor = descriptor
    }

    /// The addresses that the segment may grow to fill.
    public var reservedByteCount: Int { mapping.byteCount }

    /// The descriptor to hand to a child at its spawn.
    ///
    /// The segment still owns it: do not close it.
    public var fileDescriptor: CInt { descriptor.rawValue }

    /// Makes sure that the first `byteCount` bytes have memory behind them.
    ///
    /// Every page is taken here, so that a full `/dev/shm` is an error now rather than a `SIGBUS`
    /// at the first write. Committed bytes stay until ``giveBack(beyond:)``.
    ///
    /// - Parameter byteCount: At most ``reservedByteCount``.
    /// - Throws: ``SystemCallError`` with `ENOSPC` if there is no memory left.
    public mutating func commit(byteCount: Int) throws(SystemCallError) {
        precondition(byteCount <= reservedByteCount, "a commit beyond the reserved addresses")
        guard byteCount > committedByteCount else { return }
        var code: CInt
        repeat {
            code = posix_fallocate(
                descriptor.rawValue, off_t(committedByteCount),
                off_t(byteCount - committedByteCount))
        } while code == EINTR
        guard code == 0 else { throw .failed("posix_fallocate", errno: code) }
        committedByteCount = byteCount
    }

    /// Frees the pages from `byteCount` on; they read as zeros when committed again.
    public mutating func giveBack(beyond byteCount: Int) {
        guard byteCount < committedByteCount else { return }
        // A failure frees nothing, which harms nobody.
        _ = pixloom_punch_hole(
            descriptor.rawValue, off_t(byteCount), off_t(committedByteCount - byteCount))
        committedByteCount = byteCount
    }

    /// Lends the bytes of `range` for writing while `body` runs.
    ///
    /// - Parameters:
    ///   - range: At most as far as ``committedByteCount``.
    ///   - body: What is done with the bytes.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.upperBound <= committedByteCount, "bytes that were not committed")
        return try mapping.withMutableBytes(range, body)
    }
}

/// The child's end of a segment: a mapping of what the parent reserved, and no descriptor, so that
/// the child cannot shrink the object under its parent.
public struct InheritedSegment: ~Copyable, Sendable {
    private var mapping: SharedMapping

    /// Maps the segment whose descriptor was inherited, and closes the descriptor.
    ///
    /// - Parameters:
    ///   - descriptor: The inherited descriptor; it is closed even if this initializer throws.
    ///   - reservedByteCount: The size that the parent announced, at least 1.
    /// - Throws: ``SystemCallError/segmentTooSmall(announced:actual:)`` if the object has fewer
    ///   bytes than announced: touching the missing ones would be a `SIGBUS`.
    public init(
        adopting descriptor: consuming OwnedDescriptor, reservedByteCount: Int
    ) throws(SystemCallError) {
        let actualByteCount = try descriptor.byteCount()
        guard reservedByteCount > 0, actualByteCount >= reservedByteCount else {
            throw .segmentTooSmall(announced: reservedByteCount, actual: actualByteCount)
        }
        self.mapping = try SharedMapping(of: descriptor, byteCount: reservedByteCount)
    }

    /// The addresses that are mapped.
    public var reservedByteCount: Int { mapping.byteCount }

    /// Lends the bytes of `range`, which the parent has committed, for writing.
    ///
    /// - Parameters:
    ///   - range: At most as far as ``reservedByteCount``.
    ///   - body: What is done with the bytes.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try mapping.withMutableBytes(range, body)
    }
}
