/// Writes GIF files block by block, so that a test can break any rule of the format.
public struct GIFBuilder: Sendable {
    /// The bytes so far.
    public private(set) var bytes: [UInt8]

    /// Begins a file with a screen and a colour table of 2, 4, … 256 colours of three bytes.
    public init(width: UInt8, height: UInt8, colors: [UInt8]) {
        var flags: UInt8 = 0
        if !colors.isEmpty {
            flags = 0x80 | UInt8((colors.count / 3).trailingZeroBitCount - 1)
        }
        bytes = Array("GIF89a".utf8) + [width, 0, height, 0, flags, 0, 0] + colors
    }

    /// The same file with bytes at its end.
    public func adding(bytes: [UInt8]) -> GIFBuilder {
        var file = self
        file.bytes += bytes
        return file
    }

    /// The same file with a graphic control extension that makes an index transparent.
    public func addingTransparency(of index: UInt8) -> GIFBuilder {
        adding(bytes: [0x21, 0xF9, 4, 1, 0, 0, index, 0])
    }

    /// The same file with an image.
    ///
    /// - Parameters:
    ///   - x: The column of its left side.
    ///   - y: The row of its upper side.
    ///   - width: In pixels.
    ///   - height: In pixels.
    ///   - codes: What is compressed, of 9 bits each: 256 clears the table, 257 is the end, an index
    ///     is itself.
    ///   - isInterlaced: Whether the rows come in four passes.
    /// - Returns: The file with the image.
    public func addingImage(
        x: UInt8 = 0, y: UInt8 = 0, width: UInt8, height: UInt8, codes: [Int],
        isInterlaced: Bool = false
    ) -> GIFBuilder {
        var data: [UInt8] = []
        var (bits, bitCount) = (0, 0)
        for code in codes {
            bits |= code << bitCount
            bitCount += 9
            while bitCount >= 8 {
                data.append(UInt8(bits & 0xFF))
                (bits, bitCount) = (bits >> 8, bitCount - 8)
            }
        }
        data.append(UInt8(bits))
        let header = [0x2C, x, 0, y, 0, width, 0, height, 0, isInterlaced ? 0x40 : 0, 8]
        let blocks = stride(from: 0, to: data.count, by: 255).flatMap { start in
            let block = data[start..<min(start + 255, data.count)]
            return [UInt8(block.count)] + block
        }
        return adding(bytes: header + blocks + [0])
    }
}
