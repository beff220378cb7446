/// One block of a deflate stream, with Huffman codes of its own (RFC 1951, clause 3.2.7).
@safe
struct DeflateBlock {
    private let tokens: UnsafeBufferPointer<DeflateToken>
    private let literals: UnsafePointer<UInt8>
    private let code: HuffmanCode
    private let codeLengths: CodeLengths

    /// The bits of the block in this form.
    private let bitCount: Int

    /// Literals, the end of the block, lengths.
    private static let symbolCount = 286
    private static let endOfBlock = 256

    /// Four literals of 14 bits and 7 bits from before fit a word.
    private static let longestCode = 14

    /// The only distance is 1, but a code of one symbol would be incomplete, which some readers
    /// refuse: so distance 1 is the bit 0, and distance 2 would be 1.
    private static let distanceLengths: [UInt8] = [1, 1]

    /// Finds the code.
    ///
    /// - Parameters:
    ///   - tokens: What the block consists of; must outlive this value, as must `literals`.
    ///   - literals: Its bytes.
    ///   - counter: For counting them.
    init(
        _ tokens: UnsafeBufferPointer<DeflateToken>, literals: UnsafePointer<UInt8>,
        counter: borrowing LiteralCounter
    ) {
        unsafe self.tokens = tokens
        unsafe self.literals = literals
        var counts = [UInt32](repeating: 0, count: Self.symbolCount)
        var runBitCount = 0
        counter.reset()
        var next = unsafe literals
        for index in tokens.indices {
            let token = unsafe tokens[index]
            unsafe counter.add(next, count: Int(token.literalCount))
            unsafe next += Int(token.literalCount) + Int(token.runLength)
            guard token.runLength > 0 else { continue }
            let length = DeflateLength(Int(token.runLength))
            counts[length.symbol] += 1
            runBitCount += length.extraBitCount + Int(Self.distanceLengths[0])
        }
        for byte in 0..<256 { counts[byte] = counter.total(of: byte) }
        counts[Self.endOfBlock] = 1
        let code = HuffmanCode(frequencies: counts, longest: Self.longestCode)
        self.code = code
        codeLengths = CodeLengths(code.lengths, Self.distanceLengths)
        bitCount = zip(counts, code.lengths).reduce(3 + codeLengths.bitCount + runBitCount) {
            $0 + Int($1.0) * Int($1.1)
        }
    }

    /// Writes the block, as it is if that is shorter.
    ///
    /// - Parameters:
    ///   - byteCount: The bytes that the block stands for, at most 65535.
    ///   - isLast: Whether it ends the stream.
    ///   - writer: Where it goes.
    func write(_ byteCount: Int, isLast: Bool, to writer: inout BitWriter) {
        guard bitCount <= 8 * byteCount + 3 * 8 else {
            writer.add(isLast ? 1 : 0, count: 3)
            _ = unsafe writer.finishByte()
            writer.add(UInt64(byteCount) | (UInt64(~UInt16(byteCount)) << 16), count: 32)
            writer.flush()
            unsafe writer.copy(literals, count: byteCount)
            return
        }
        writer.add(isLast ? 1 : 0, count: 1)
        writer.add(2, count: 2)
        codeLengths.write(to: &writer)
        writeTokens(to: &writer)
        writer.add(
            UInt64(code.codes[Self.endOfBlock]), count: Int(code.lengths[Self.endOfBlock]))
        writer.flush()
    }

    private func writeTokens(to writer: inout BitWriter) {
        // Bits and their count side by side: one load a literal.
        let table = code.lengths.indices.map { symbol in
            UInt32(code.codes[symbol]) | UInt32(code.lengths[symbol]) << 16
        }
        // A copy of its own stays in registers; an inout one would be stored after each literal.
        var local = writer
        defer { writer = local }
        unsafe table.withUnsafeBufferPointer { table in
            var next = unsafe literals
            for index in unsafe tokens.indices {
                let token = unsafe tokens[index]
                let end = unsafe next + Int(token.literalCount)
                while unsafe next + 4 <= end {
                    for i in 0..<4 { unsafe local.add(coded: table[Int(next[i])]) }
                    local.flush()
                    unsafe next += 4
                }
                while unsafe next < end {
                    unsafe local.add(coded: table[Int(next[0])])
                    unsafe next += 1
                }
                // At most three literals came since the last flush: 42 bits and 7 from before.
                local.flush()
                guard token.runLength > 0 else { continue }
                let length = DeflateLength(Int(token.runLength))
                unsafe local.add(coded: table[length.symbol])
                local.add(length.extraBits, count: length.extraBitCount)
                local.add(0, count: Int(Self.distanceLengths[0]))
                local.flush()
                unsafe next += Int(token.runLength)
            }
        }
    }
}

extension BitWriter {
    /// Adds a code from the lower 16 bits, as many bits as the upper 16 say.
    @inline(__always)
    fileprivate mutating func add(coded entry: UInt32) {
        add(UInt64(entry & 0xFFFF), count: Int(entry &>> 16))
    }
}
