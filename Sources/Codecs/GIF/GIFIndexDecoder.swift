internal import Images

/// Turns codes into the indices of pixels: GIF's variant of Lempel, Ziv and Welch (GIF89a,
/// appendix F).
///
/// Each code stands for a string of indices: the string of an earlier code and one more index. The
/// table of them grows by one with each code until it is full or cleared.
struct GIFIndexDecoder {
    private static let largestCodeBitCount = 12

    private var reader: GIFCodeReader
    private let clearCode: Int
    private let firstCodeBitCount: Int

    private var prefixes = [UInt16](repeating: 0, count: 1 << largestCodeBitCount)
    private var lastIndices = [UInt8](repeating: 0, count: 1 << largestCodeBitCount)
    private var nextCode: Int
    private var codeBitCount: Int
    private var previousCode: Int?

    /// The string of the code read last, reversed: its first index is the last element.
    private var pending: [UInt8] = []

    /// Begins at the minimum code size, at `offset`.
    init(at offset: Int, of bytes: borrowing Span<UInt8>) throws(CodecError) {
        guard offset < bytes.count, (1...8).contains(bytes[offset]) else {
            throw .malformed(.gif, "the minimum code size is not 1 to 8 (offset \(offset))")
        }
        reader = GIFCodeReader(at: offset + 1)
        clearCode = 1 << Int(bytes[offset])
        firstCodeBitCount = Int(bytes[offset]) + 1
        nextCode = clearCode + 2
        codeBitCount = firstCodeBitCount
        for index in 0..<clearCode { lastIndices[index] = UInt8(index) }
    }

    /// The index of the next pixel, or nil at the end of the data.
    ///
    /// - Throws: ``CodecError/malformed(_:_:)`` for a code that can't be.
    mutating func next(from bytes: borrowing Span<UInt8>) throws(CodecError) -> UInt8? {
        while pending.isEmpty {
            guard let code = reader.next(bitCount: codeBitCount, from: bytes),
                code != clearCode + 1
            else { return nil }
            if code == clearCode {
                nextCode = clearCode + 2
                codeBitCount = firstCodeBitCount
                previousCode = nil
            } else {
                try expand(code)
            }
        }
        return pending.popLast()
    }

    private mutating func expand(_ code: Int) throws(CodecError) {
        guard let previousCode else {
            guard code < clearCode else { throw impossible(code) }
            pending.append(UInt8(code))
            self.previousCode = code
            return
        }
        guard code <= nextCode, code < prefixes.count else { throw impossible(code) }
        // A code that is about to be added is the previous string and its own first index.
        let isNew = code == nextCode
        if isNew { pending.append(0) }
        appendString(of: isNew ? previousCode : code)
        guard let firstIndex = pending.last else { return }
        if isNew { pending[0] = firstIndex }
        if nextCode < prefixes.count {
            prefixes[nextCode] = UInt16(previousCode)
            lastIndices[nextCode] = firstIndex
            nextCode += 1
            if nextCode == 1 << codeBitCount, codeBitCount < Self.largestCodeBitCount {
                codeBitCount += 1
            }
        }
        self.previousCode = code
    }

    private mutating func appendString(of code: Int) {
        var code = code
        while code >= clearCode {
            pending.append(lastIndices[code])
            code = Int(prefixes[code])
        }
        pending.append(lastIndices[code])
    }

    private func impossible(_ code: Int) -> CodecError {
        .malformed(
            .gif,
            "the pixel data has code \(code) where at most \(nextCode) is possible "
                + "(offset \(reader.offset))")
    }
}
