/// Writes TIFF files of one strip tag by tag (TIFF 6.0, section 2), little-endian and not
/// compressed, so that a test can store pixels in any way.
public struct TIFFBuilder: Sendable {
    private var numbers: [UInt16: [UInt16]] = [:]
    private var pixels: [UInt8]

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
        case extraSamples = 338
        case sampleFormat = 339
    }

    /// Makes a page of 8-bit gray, black at 0.
    public init(width: UInt16, height: UInt16, pixels: [UInt8]) {
        self.pixels = pixels
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
        let stripTags: [UInt16] = [273, 279]
        let tags = (numbers.keys + stripTags).sorted()
        let directoryEnd = 8 + 2 + 12 * tags.count + 4
        var values: [UInt8] = []
        var directory = Self.number16(UInt16(tags.count))
        let longValues = numbers.values.reduce(0) { $0 + ($1.count > 2 ? 2 * $1.count : 0) }
        for tag in tags {
            let entry: [UInt8]
            if let numbers = numbers[tag] {
                let bytes = numbers.flatMap(Self.number16)
                entry =
                    Self.number16(3) + Self.number32(numbers.count)
                    + (bytes.count <= 4
                        ? bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
                        : Self.number32(directoryEnd + values.count))
                if bytes.count > 4 { values += bytes }
            } else {
                let value = tag == 273 ? directoryEnd + longValues : pixels.count
                entry = Self.number16(4) + Self.number32(1) + Self.number32(value)
            }
            directory += Self.number16(tag) + entry
        }
        let header = Array("II*\0".utf8) + Self.number32(8)
        return header + directory + Self.number32(0) + values + pixels
    }

    private static func number16(_ number: UInt16) -> [UInt8] {
        [UInt8(number & 0xFF), UInt8(number >> 8)]
    }

    private static func number32(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
