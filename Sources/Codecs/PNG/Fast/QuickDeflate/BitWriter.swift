/// Writes bits to memory, the first into the lowest bit of a byte (RFC 1951, clause 3.1.1).
///
/// Up to 56 bits may be added between two calls of ``flush()``. The memory needs 8 bytes more than
/// the bits take.
@safe
struct BitWriter {
    private var next: UnsafeMutableRawPointer
    private var pending: UInt64 = 0
    private var pendingCount = 0

    /// Begins at a byte of memory that must outlive the writer.
    init(at start: UnsafeMutablePointer<UInt8>) {
        unsafe next = UnsafeMutableRawPointer(start)
    }

    /// Adds `count` bits; those of `bits` above them must be 0.
    @inline(__always)
    mutating func add(_ bits: UInt64, count: Int) {
        pending |= bits &<< UInt64(truncatingIfNeeded: pendingCount)
        pendingCount &+= count
    }

    /// Adds a code from the lower 16 bits of an entry, as many bits as the upper 16 say.
    @inline(__always)
    mutating func add(coded entry: UInt32) {
        add(UInt64(entry & 0xFFFF), count: Int(entry &>> 16))
    }

    /// Writes the whole bytes; at most 7 bits stay behind.
    @inline(__always)
    mutating func flush() {
        unsafe next.storeBytes(of: pending.littleEndian, as: UInt64.self)
        let byteCount = pendingCount &>> 3
        unsafe next += byteCount
        pending &>>= UInt64(truncatingIfNeeded: byteCount &<< 3)
        pendingCount &= 7
    }

    /// Adds a stored block without content, after which the stream is at a whole byte.
    mutating func addEmptyBlock() {
        add(0, count: 3)
        _ = unsafe finishByte()
        add(0xFFFF_0000, count: 32)
        flush()
    }

    /// Fills the last byte with zeros, and gives the place behind it.
    mutating func finishByte() -> UnsafeMutablePointer<UInt8> {
        pendingCount = (pendingCount + 7) & ~7
        flush()
        return unsafe next.assumingMemoryBound(to: UInt8.self)
    }

    /// Copies whole bytes, after ``finishByte()``.
    mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        unsafe next.copyMemory(from: start, byteCount: bytes.count)
        unsafe next += bytes.count
    }
}
