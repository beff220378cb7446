/// One block of a deflate stream, with Huffman codes of its own (RFC 1951, clause 3.2.7).
@safe
struct DeflateBlock {
    private let tokens: UnsafeBufferPointer<DeflateToken>
    private let literals: UnsafePointer<UInt8>
    private let literalCode: HuffmanCode
    private let distanceCode: HuffmanCode
    private let codeLengths: CodeLengths

    /// The bits of the block in this form.
    private let bitCount: Int

    /// Four literals of 14 bits and 7 bits from before fit a word.
    private static let longestLiteralCode = 14

    /// Finds the codes.
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
        var counts = [UInt32](repeating: 0, count: DeflateSymbols.literalAndLengthCount)
        var distances = [UInt32](repeating: 0, count: DeflateSymbols.distanceCount)
        var extraBitCount = 0
        counter.reset()
        var next = unsafe literals
        for index in tokens.indices {
            let token = unsafe tokens[index]
            unsafe counter.add(next, count: Int(token.literalCount))
            unsafe next += Int(token.literalCount) + Int(token.length)
            guard token.length > 0 else { continue }
            let length = DeflateSymbols.length(Int(token.length))
            let distance = DeflateSymbols.distance(Int(token.distance))
            counts[length.symbol] += 1
            distances[distance.symbol] += 1
            extraBitCount += length.extraBitCount + distance.extraBitCount
        }
        for byte in 0..<256 { counts[byte] = counter.total(of: byte) }
        counts[DeflateSymbols.endOfBlock] = 1

        // A code of one symbol would be incomplete, which some readers refuse.
        for symbol in [0, 1] where distances.count(where: { $0 > 0 }) < 2 {
            distances[symbol] = max(distances[symbol], 1)
        }
        literalCode = HuffmanCode(frequencies: counts, longest: Self.longestLiteralCode)
        distanceCode = HuffmanCode(frequencies: distances, longest: 15)
        codeLengths = CodeLengths(literalCode.lengths, distanceCode.lengths)
        bitCount =
            3 + codeLengths.bitCount + extraBitCount + literalCode.bitCount(of: counts)
            + distanceCode.bitCount(of: distances)
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
        let end = DeflateSymbols.endOfBlock
        writer.add(UInt64(literalCode.codes[end]), count: Int(literalCode.lengths[end]))
        writer.flush()
    }

    private func writeTokens(to writer: inout BitWriter) {
        // Code and length side by side: one load a literal.
        let table = literalCode.lengths.indices.map { symbol in
            UInt32(literalCode.codes[symbol]) | UInt32(literalCode.lengths[symbol]) << 16
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
                    local.flush()
                    unsafe next += 1
                }
                guard token.length > 0 else { continue }
                let length = DeflateSymbols.length(Int(token.length))
                let distance = DeflateSymbols.distance(Int(token.distance))
                unsafe local.add(coded: table[length.symbol])
                local.add(length.extraBits, count: length.extraBitCount)
                local.add(
                    UInt64(distanceCode.codes[distance.symbol]),
                    count: Int(distanceCode.lengths[distance.symbol]))
                local.add(distance.extraBits, count: distance.extraBitCount)
                local.flush()
                unsafe next += Int(token.length)
            }
        }
    }
}

extension HuffmanCode {
    /// The bits of symbols that occur so often.
    func bitCount(of frequencies: [UInt32]) -> Int {
        zip(frequencies, lengths).reduce(0) { $0 + Int($1.0) * Int($1.1) }
    }
}

extension BitWriter {
    /// Adds a code from the lower 16 bits, as many bits as the upper 16 say.
    @inline(__always)
    fileprivate mutating func add(coded entry: UInt32) {
        add(UInt64(entry & 0xFFFF), count: Int(entry &>> 16))
    }
}
