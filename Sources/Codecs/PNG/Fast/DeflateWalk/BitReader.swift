/// Reads bits of a deflate stream, the first from the lowest bit of a byte (RFC 1951, clause 3.1.1).
///
/// It is a place alone; the bytes come with each call, and are never read beyond their end.
struct BitReader {
    /// The place, in bits from the start of the bytes.
    private(set) var position = 0

    /// The bits that ``word(of:)`` gives at least.
    static let bitsPerWord = 57

    /// The bits from here on, the first one lowest; those after the end are 0.
    ///
    /// - Throws: ``DeflateFault/endsEarly(byteCount:)`` if the place is beyond the end.
    @inline(__always)
    func word(of bytes: RawSpan) throws(DeflateFault) -> UInt64 {
        let offset = position &>> 3
        let shift = UInt64(truncatingIfNeeded: position & 7)
        // No byte count is so large that this overflows.
        guard offset &+ 8 <= bytes.byteCount else { return try lastWord(of: bytes) }
        return unsafe UInt64(
            littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        ) &>> shift
    }

    @inline(never)
    private func lastWord(of bytes: RawSpan) throws(DeflateFault) -> UInt64 {
        guard position <= 8 * bytes.byteCount else {
            throw .endsEarly(byteCount: bytes.byteCount)
        }
        var word: UInt64 = 0
        for (i, offset) in (position >> 3..<bytes.byteCount).enumerated() {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            word |= UInt64(byte) << UInt64(8 * i)
        }
        return word >> UInt64(position & 7)
    }

    /// Goes on by so many bits, which need not all be there.
    @inline(__always)
    mutating func skip(_ bitCount: Int) { position &+= bitCount }

    /// Goes on to the next whole byte.
    mutating func skipToByte() { position = (position + 7) & ~7 }

    /// Reads a number of at most 32 bits.
    ///
    /// - Throws: ``DeflateFault/endsEarly(byteCount:)`` if they are not all there.
    mutating func number(bitCount: Int, of bytes: RawSpan) throws(DeflateFault) -> Int {
        let word = try self.word(of: bytes)
        skip(bitCount)
        guard position <= 8 * bytes.byteCount else {
            throw .endsEarly(byteCount: bytes.byteCount)
        }
        return Int(word & (1 << UInt64(bitCount) - 1))
    }
}
