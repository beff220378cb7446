/// Reads codes of 3 to 12 bits, the lowest first, from a chain of sub-blocks.
struct GIFCodeReader {
    /// Where the next byte lies.
    private(set) var offset: Int

    private var bytesLeftInBlock = 0
    private var bits: UInt32 = 0
    private var bitCount = 0

    /// Begins at the length of the first sub-block.
    init(at offset: Int) {
        self.offset = offset
    }

    /// The next code, or nil at the end of the chain or the file.
    mutating func next(bitCount codeBitCount: Int, from bytes: borrowing Span<UInt8>) -> Int? {
        while bitCount < codeBitCount {
            guard let byte = nextByte(from: bytes) else { return nil }
            bits |= UInt32(byte) << UInt32(bitCount)
            bitCount += 8
        }
        let code = bits & (1 << UInt32(codeBitCount) - 1)
        bits >>= UInt32(codeBitCount)
        bitCount -= codeBitCount
        return Int(code)
    }

    private mutating func nextByte(from bytes: borrowing Span<UInt8>) -> UInt8? {
        if bytesLeftInBlock == 0 {
            guard offset < bytes.count, bytes[offset] != 0 else { return nil }
            bytesLeftInBlock = Int(bytes[offset])
            offset += 1
        }
        guard offset < bytes.count else { return nil }
        bytesLeftInBlock -= 1
        offset += 1
        return bytes[offset - 1]
    }
}
