/// One block of a deflate stream, with Huffman codes of its own (RFC 1951, clause 3.2.7).
@safe
struct DeflateBlock: ~Copyable {
    private let block: DividedBlock
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

    /// The most bytes of a stored block.
    static let largestStored = 65_535

    /// Finds the code.
    ///
    /// - Parameters:
    ///   - block: What it is to stand for; must be valid as long as this value.
    ///   - counter: For counting its literals.
    init(_ block: DividedBlock, counter: borrowing LiteralCounter) {
        self.block = block
        var counts = InlineArray<286, UInt32>(repeating: 0)
        var distanceCounts = InlineArray<30, UInt32>(repeating: 0)
        var extraBitCount = 0
        counter.reset()
        unsafe counter.add(block.literals)
        for index in unsafe block.tokens.indices {
            let token = unsafe block.tokens[index]
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
    ///   - isLast: Whether it ends the stream.
    ///   - writer: Where it goes.
    func write(isLast: Bool, to writer: inout BitWriter) {
        guard unsafe bitCount <= 8 * block.bytes.count + 3 * 8 else {
            return store(isLast: isLast, to: &writer)
        }
        writer.add(isLast ? 1 : 0, count: 1)
        writer.add(2, count: 2)
        codeLengths.write(to: &writer)
        writeTokens(to: &writer)
        writer.add(coded: code.entries[Self.endOfBlock])
        writer.flush()
    }

    /// Writes the bytes as they are, in pieces whose length 16 bits can say.
    private func store(isLast: Bool, to writer: inout BitWriter) {
        let bytes = unsafe block.bytes
        for start in stride(from: 0, to: bytes.count, by: Self.largestStored) {
            let piece = unsafe UnsafeBufferPointer(
                rebasing: bytes[start..<min(start + Self.largestStored, bytes.count)])
            let isEnd = start + piece.count == bytes.count
            writer.add(isLast && isEnd ? 1 : 0, count: 3)
            _ = unsafe writer.finishByte()
            writer.add(UInt64(piece.count) | (UInt64(~UInt16(piece.count)) << 16), count: 32)
            writer.flush()
            unsafe writer.copy(piece)
        }
    }

    private func writeTokens(to writer: inout BitWriter) {
        guard var next = unsafe block.literals.baseAddress else { return }
        // A copy of its own stays in registers; an inout one would be stored after each literal.
        var local = writer
        defer { writer = local }
        let (codes, distances) = (code.entries.span, distanceCode.entries.span)
        for index in unsafe block.tokens.indices {
            let token = unsafe block.tokens[index]
            let end = unsafe next + Int(token.literalCount)
            while unsafe next + 4 <= end {
                for i in 0..<4 { unsafe local.add(coded: codes[Int(next[i])]) }
                local.flush()
                unsafe next += 4
            }
            // No branch on how many are left, which no processor could foresee: three codes are
            // put together, and what is too much is cut off.
            let (a, b, c) = unsafe (codes[Int(next[0])], codes[Int(next[1])], codes[Int(next[2])])
            let one = UInt64(a &>> 16)
            let two = one &+ UInt64(b &>> 16)
            let three = two &+ UInt64(c &>> 16)
            let bits =
                UInt64(a & 0xFFFF) | UInt64(b & 0xFFFF) &<< one | UInt64(c & 0xFFFF) &<< two
            let counts = one &<< 8 | two &<< 16 | three &<< 24
            let count = unsafe counts &>> (8 &* UInt64(truncatingIfNeeded: end - next)) & 0xFF
            // At most 42 bits, and 7 from before.
            local.add(bits & (1 &<< count &- 1), count: Int(truncatingIfNeeded: count))
            local.flush()
            unsafe next = end
            guard token.copyLength > 0 else { continue }
            let length = DeflateLength(Int(token.copyLength))
            let distance = DeflateDistance(Int(token.distance))
            local.add(coded: codes[length.symbol])
            local.add(length.extraBits, count: length.extraBitCount)
            local.add(coded: distances[distance.symbol])
            local.add(distance.extraBits, count: distance.extraBitCount)
            local.flush()
        }
    }
}
