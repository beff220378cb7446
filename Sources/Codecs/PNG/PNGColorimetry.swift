internal import Images

extension Colorimetry {
    /// Takes what a chunk states.
    ///
    /// - Throws: ``CodecError`` if the chunk makes no sense; nothing is changed then.
    mutating func add(_ chunk: PNGChunk, in bytes: borrowing Span<UInt8>) throws(CodecError) {
        try chunk.check(in: bytes)
        let content = bytes.extracting(chunk.content)
        switch (chunk.kind, content.count) {
        case (.gamma, 4):
            let number = content.bigEndian32(at: 0)
            guard number > 0 else { throw chunk.malformed("announces a gamma of 0") }
            gamma = number
        case (.chromaticities, 32):
            chromaticities = stride(from: 0, to: 32, by: 4).map { content.bigEndian32(at: $0) }
        case (.standardRGB, 1): renderingIntent = content[0]
        case (.codingPoints, 4): codingPoints = Array(copying: content)
        default: throw chunk.malformed("has \(content.count) bytes")
        }
    }

    /// The chunks that state it; without sRGB for a file with iCCP, beside which it must not be.
    func chunks(besideProfile hasProfile: Bool) -> [UInt8] {
        var chunks: [UInt8] = []
        if let codingPoints { chunks.append(chunk: .codingPoints, codingPoints) }
        if let renderingIntent, !hasProfile {
            chunks.append(chunk: .standardRGB, [renderingIntent])
        }
        if let gamma { chunks.append(chunk: .gamma, Self.bigEndian([gamma])) }
        if let chromaticities {
            chunks.append(chunk: .chromaticities, Self.bigEndian(chromaticities))
        }
        return chunks
    }

    private static func bigEndian(_ numbers: [Int]) -> [UInt8] {
        numbers.reduce(into: []) { $0.append(bigEndian: UInt32(truncatingIfNeeded: $1)) }
    }
}

extension PNGChunk.Kind {
    static let gamma = Self("gAMA")
    static let chromaticities = Self("cHRM")
    static let standardRGB = Self("sRGB")
    static let codingPoints = Self("cICP")
}
