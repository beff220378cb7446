/// Writes TIFF files tag by tag (TIFF 6.0, section 2), little-endian and not compressed, so that a
/// test can store pixels in any way.
public struct TIFFBuilder: Sendable {
    private var numbers: [UInt16: [UInt16]] = [:]
    private let blocks: [[UInt8]]

    /// The tags that a test most often sets.
    public enum Tag: UInt16, Sendable {
        case width = 256
        case height = 257
        case bitsPerSample = 258
        case photometric = 262
        case orientation = 274
        case samplesPerPixel = 277
        case planarConfiguration = 284
        case colorMap = 320
        case tileWidth = 322
        case tileHeight = 323
        case extraSamples = 338
        case sampleFormat = 339
    }

    /// Makes a page of 8-bit gray in one strip, black at 0.
    public init(width: UInt16, height: UInt16, pixels: [UInt8]) {
        self.init(width: width, height: height, blocks: [pixels])
    }

    /// Makes a page of 8-bit gray, black at 0, in tiles or in strips that are planes.
    public init(width: UInt16, height: UInt16, blocks: [[UInt8]]) {
        self.blocks = blocks
        numbers = [
            256: [width], 257: [height], 258: [8], 259: [1], 262: [1], 277: [1], 278: [height],
        ]
    }

    /// The same page with other numbers for a tag.
    public func setting(_ tag: Tag, _ values: [UInt16]) -> TIFFBuilder {
        var page = self
        page.numbers[tag.rawValue] = values
        return page
    }

    /// The file.
    public var bytes: [UInt8] {
        let isTiled = numbers[Tag.tileWidth.rawValue] != nil
        let (offsetsTag, countsTag): (UInt16, UInt16) = isTiled ? (324, 325) : (273, 279)
        var numbers = numbers
        if isTiled { numbers[278] = nil }
        let tags = (numbers.keys + [offsetsTag, countsTag]).sorted()
        let valuesStart = 8 + 2 + 12 * tags.count + 4
        let valuesByteCount =
            numbers.values.reduce(0) { $0 + Self.byteCountOutside($1.count, of: 2) }
            + 2 * Self.byteCountOutside(blocks.count, of: 4)
        var blockOffset = valuesStart + valuesByteCount
        let blockOffsets = blocks.map { block in
            defer { blockOffset += block.count }
            return blockOffset
        }
        var directory = Self.number16(UInt16(tags.count))
        var values: [UInt8] = []
        for tag in tags {
            let isShort = numbers[tag] != nil
            let bytes =
                numbers[tag]?.flatMap(Self.number16)
                ?? (tag == offsetsTag ? blockOffsets : blocks.map(\.count)).flatMap(Self.number32)
            let count = bytes.count / (isShort ? 2 : 4)
            directory += Self.number16(tag) + Self.number16(isShort ? 3 : 4) + Self.number32(count)
            if bytes.count <= 4 {
                directory += bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
            } else {
                directory += Self.number32(valuesStart + values.count)
                values += bytes
            }
        }
        return Array("II*\0".utf8) + Self.number32(8) + directory + Self.number32(0) + values
            + blocks.joined()
    }

    /// The bytes that the values of a tag take behind the directory: none where four suffice.
    private static func byteCountOutside(_ count: Int, of size: Int) -> Int {
        count * size <= 4 ? 0 : count * size
    }

    private static func number16(_ number: UInt16) -> [UInt8] {
        [UInt8(number & 0xFF), UInt8(number >> 8)]
    }

    private static func number32(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
