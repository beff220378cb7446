/// Writes JPEG files of flat blocks marker by marker, so that a test can break any rule of the
/// format and knows each pixel.
///
/// All components have one quantisation table of ones and one Huffman table each for DC and AC,
/// where each DC category has a code of four bits that is its number and AC has only "end of
/// block", a single 0 bit (ITU-T T.81, annex F).
public struct JPEGBuilder {
    /// The bytes so far.
    public private(set) var bytes: [UInt8]

    /// Begins a file with the marker SOI.
    public init() {
        bytes = [0xFF, 0xD8]
    }

    /// The same file with one more marker and its content.
    public func adding(_ code: UInt8, _ content: [UInt8]) -> JPEGBuilder {
        var file = self
        let byteCount = content.count + 2
        file.bytes += [0xFF, code, UInt8(byteCount >> 8), UInt8(byteCount & 0xFF)] + content
        return file
    }

    /// The same file with bytes that need not be a marker.
    public func adding(bytes: [UInt8]) -> JPEGBuilder {
        var file = self
        file.bytes += bytes
        return file
    }

    /// The same file with the quantisation and Huffman tables.
    public func addingTables() -> JPEGBuilder {
        adding(0xDB, [0] + [UInt8](repeating: 1, count: 64))
            .adding(0xC4, [0x00, 0, 0, 0, 12] + [UInt8](repeating: 0, count: 12) + Array(0..<12))
            .adding(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0])
    }

    /// The same file with the start of a frame whose components are not subsampled.
    public func addingFrame(
        _ code: UInt8 = 0xC0, width: Int, height: Int, componentCount: Int, precision: UInt8 = 8
    ) -> JPEGBuilder {
        let sides = [height, width].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let components: [UInt8] = (1...componentCount).flatMap { [UInt8($0), 0x11, 0] }
        return adding(code, [precision] + sides + [UInt8(componentCount)] + components)
    }

    /// The same file with a scan.
    ///
    /// - Parameters:
    ///   - blocks: The blocks in order; each has the sample of all its pixels for each component.
    ///   - isProgressive: Whether the scan has DC coefficients alone.
    /// - Returns: The file with the scan.
    public func addingScan(_ blocks: [[UInt8]], isProgressive: Bool = false) -> JPEGBuilder {
        let componentCount = blocks.first?.count ?? 1
        let components: [UInt8] = (0..<componentCount).flatMap { [UInt8($0 + 1), 0x00] }
        var bits = BitWriter()
        var previous = [Int](repeating: 0, count: componentCount)
        for block in blocks {
            for (component, sample) in block.enumerated() {
                let coefficient = (Int(sample) - 128) * 8
                bits.append(difference: coefficient - previous[component])
                if !isProgressive { bits.append(0, bitCount: 1) }
                previous[component] = coefficient
            }
        }
        return adding(
            0xDA, [UInt8(componentCount)] + components + [0, isProgressive ? 0 : 63, 0]
        ).adding(bytes: bits.finished)
    }

    /// A whole file of blocks in one row.
    public static func image(_ blocks: [[UInt8]], markers: [(UInt8, [UInt8])] = []) -> [UInt8] {
        var file = JPEGBuilder()
        for (code, content) in markers { file = file.adding(code, content) }
        return file.addingTables()
            .addingFrame(
                width: 8 * blocks.count, height: 8, componentCount: blocks.first?.count ?? 1
            )
            .addingScan(blocks).adding(bytes: [0xFF, 0xD9]).bytes
    }
}

/// Entropy-coded bits: most significant first, a zero byte after each 0xFF.
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var bits = 0
    private var bitCount = 0

    mutating func append(_ value: Int, bitCount count: Int) {
        for index in (0..<count).reversed() {
            bits = bits << 1 | value >> index & 1
            bitCount += 1
            if bitCount == 8 {
                bytes.append(UInt8(bits))
                if bits == 0xFF { bytes.append(0) }
                (bits, bitCount) = (0, 0)
            }
        }
    }

    /// A DC difference: its category, then as many bits.
    mutating func append(difference: Int) {
        var category = 0
        while abs(difference) >> category != 0 { category += 1 }
        append(category, bitCount: 4)
        append(difference < 0 ? difference + (1 << category) - 1 : difference, bitCount: category)
    }

    /// The bytes, the last one filled up with ones.
    var finished: [UInt8] {
        var writer = self
        while writer.bitCount != 0 { writer.append(1, bitCount: 1) }
        return writer.bytes
    }
}
