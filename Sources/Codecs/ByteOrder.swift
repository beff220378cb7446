extension Span<UInt8> {
    /// The 16-bit number at `offset`, most significant byte first; the caller has checked the range.
    func bigEndian16(at offset: Int) -> Int {
        Int(self[offset]) << 8 | Int(self[offset + 1])
    }

    /// The 32-bit number at `offset`, most significant byte first; the caller has checked the range.
    func bigEndian32(at offset: Int) -> Int {
        bigEndian16(at: offset) << 16 | bigEndian16(at: offset + 2)
    }

    /// The 16-bit number at `offset`, least significant byte first; the caller has checked the range.
    func littleEndian16(at offset: Int) -> Int {
        Int(self[offset]) | Int(self[offset + 1]) << 8
    }

    /// The 24-bit number at `offset`, least significant byte first; the caller has checked the range.
    func littleEndian24(at offset: Int) -> Int {
        littleEndian16(at: offset) | Int(self[offset + 2]) << 16
    }

    /// The 32-bit number at `offset`, least significant byte first; the caller has checked the range.
    func littleEndian32(at offset: Int) -> Int {
        littleEndian24(at: offset) | Int(self[offset + 3]) << 24
    }

    /// Whether the bytes at `offset` are there and are those of `expected`.
    func has(_ expected: StaticString, at offset: Int) -> Bool {
        guard expected.utf8CodeUnitCount <= count - offset else { return false }
        for index in 0..<expected.utf8CodeUnitCount
        where unsafe self[offset + index] != expected.utf8Start[index] {
            return false
        }
        return true
    }
}

extension Array<UInt8> {
    /// The bytes of a span.
    init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Adds a 16-bit number, most significant byte first.
    mutating func append(bigEndian number: UInt16) {
        append(contentsOf: [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)])
    }

    /// Adds a 32-bit number, most significant byte first.
    mutating func append(bigEndian number: UInt32) {
        append(bigEndian: UInt16(number >> 16))
        append(bigEndian: UInt16(truncatingIfNeeded: number))
    }

    /// Adds a 32-bit number, least significant byte first.
    mutating func append(littleEndian number: UInt32) {
        append(bigEndian: number.byteSwapped)
    }
}
