/// One block of a deflate stream, with Huffman codes of its own (RFC 1951, clause 3.2.7).
@safe
struct DeflateBlock: ~Copyable {
    private let tokens: UnsafeBufferPointer<DeflateToken>
    private let literals: UnsafePointer<UInt8>
    private let code: HuffmanCode<286>
    private let distanceCode: HuffmanCode<30>
    private let codeLengths: CodeLengths

    /// The bits of the block unless it is stored.
    let bitCount: Int

    /// The symbol between literals and lengths.
    private static let endOfBlock = 256

    /// Four literals of 14 bits and 7 bits from before fit a word, and so do a copy's 5 and 13 extra
    /// bits with both codes.
    private static let longestCode = 14

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
        var counts = InlineArray<286, UInt32>(repeating: 0)
        var distanceCounts = InlineArray<30, UInt32>(repeating: 0)
        var extraBitCount = 0
        counter.reset()
        var next = unsafe literals
        for index in tokens.indices {
            let token = unsafe tokens[index]
            unsafe counter.add(next, count: Int(token.literalCount))
            unsafe next += Int(token.literalCount) + Int(token.copyLength)
            guard token.copyLength > 0 else { continue }
            let length = DeflateLength(Int(token.copyLength))
            let distance = DeflateDistance(Int(token.distance))
            counts[length.symbol] += 1
            distanceCounts[distance.symbol] += 1
            extraBitCount += length.extraBitCount + distance.extraBitCount
        }
        for byte in 0..<256 { counts[byte] = counter.total(of: byte) }
        counts[Self.endOfBlock] = 1
        code = HuffmanCode(frequencies: counts.span, longest: Self.longestCode)
        distanceCode = HuffmanCode(frequencies: distanceCounts.span, longest: Self.longestCode)
        codeLengths = CodeLengths(code, distanceCode)
        bitCount =
            3 + codeLengths.bitCount + extraBitCount + code.bitCount(of: counts.span)
            + distanceCode.bitCount(of: distanceCounts.span)
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
        writer.add(coded: code.entries[Self.endOfBlock])
        writer.flush()
    }

    private func writeTokens(to writer: inout BitWriter) {
        // A copy of its own stays in registers; an inout one would be stored after each literal.
        var local = writer
        defer { writer = local }
        let (codes, distances) = (code.entries.span, distanceCode.entries.span)
        var next = unsafe literals
        for index in unsafe tokens.indices {
            let token = unsafe tokens[index]
            let end = unsafe next + Int(token.literalCount)
            while unsafe next + 4 <= end {
                for i in 0..<4 { unsafe local.add(coded: codes[Int(next[i])]) }
                local.flush()
                unsafe next += 4
            }
            while unsafe next < end {
                unsafe local.add(coded: codes[Int(next[0])])
                unsafe next += 1
            }
            // At most three literals came since the last flush: 42 bits and 7 from before.
            local.flush()
            guard token.copyLength > 0 else { continue }
            let length = DeflateLength(Int(token.copyLength))
            let distance = DeflateDistance(Int(token.distance))
            local.add(coded: codes[length.symbol])
            local.add(length.extraBits, count: length.extraBitCount)
            local.add(coded: distances[distance.symbol])
            local.add(distance.extraBits, count: distance.extraBitCount)
            local.flush()
            unsafe next += Int(token.copyLength)
        }
    }
}
