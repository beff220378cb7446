/// Writes PNG files chunk by chunk, so that a test can break any rule of the format.
///
/// It shares no code with the tool: the zlib stream has stored blocks only (RFC 1950 and 1951) and
/// the checksums are computed bit by bit.
public struct PNGBuilder {
    /// The bytes so far.
    public private(set) var bytes: [UInt8]

    /// Begins a file with the signature.
    public init() {
        bytes = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    }

    /// Adds a chunk with a right length and checksum.
    public mutating func add(_ kind: String, _ content: [UInt8] = []) {
        bytes += Self.bigEndian(UInt32(content.count))
        let body = Array(kind.utf8) + content
        bytes += body + Self.bigEndian(Self.checksum(body))
    }

    /// The same file with one more chunk.
    public func adding(_ kind: String, _ content: [UInt8] = []) -> PNGBuilder {
        var file = self
        file.add(kind, content)
        return file
    }

    /// A file that begins with the chunk IHDR.
    ///
    /// - Parameters:
    ///   - width: In pixels.
    ///   - height: In pixels.
    ///   - colorType: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA.
    ///   - bitDepth: The bits of a sample or index.
    ///   - interlace: 1 for Adam7.
    /// - Returns: The file so far.
    public static func header(
        width: Int, height: Int, colorType: UInt8, bitDepth: UInt8 = 8, interlace: UInt8 = 0
    ) -> PNGBuilder {
        let sides = bigEndian(UInt32(width)) + bigEndian(UInt32(height))
        return PNGBuilder().adding("IHDR", sides + [bitDepth, colorType, 0, 0, interlace])
    }

    /// A zlib stream that holds rows, each preceded by row filter 0.
    public static func stream(ofRows rows: [[UInt8]]) -> [UInt8] {
        stream(of: rows.flatMap { [0] + $0 })
    }

    /// A zlib stream that holds bytes.
    public static func stream(of bytes: [UInt8]) -> [UInt8] {
        let blocks = stride(from: 0, to: max(bytes.count, 1), by: 65535).map { start in
            bytes[start..<min(start + 65535, bytes.count)]
        }
        var stream: [UInt8] = [0x78, 0x01]
        for (index, block) in blocks.enumerated() {
            let (low, high) = (UInt8(block.count & 0xFF), UInt8(block.count >> 8))
            stream += [index == blocks.count - 1 ? 1 : 0, low, high, ~low, ~high] + block
        }
        return stream + bigEndian(adler(bytes))
    }

    /// A whole file with one chunk IDAT.
    public func image(rows: [[UInt8]]) -> [UInt8] {
        adding("IDAT", Self.stream(ofRows: rows)).adding("IEND").bytes
    }

    /// A number as four bytes, most significant first.
    public static func bigEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var register: UInt32 = ~0
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 {
                register = register & 1 == 0 ? register >> 1 : register >> 1 ^ 0xEDB8_8320
            }
        }
        return ~register
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }
}
