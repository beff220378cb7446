internal import Images

/// Where the parts of a GIF file lie, found by walking its blocks (GIF89a, 1990).
struct GIFFile {
    /// The size of the screen, enlarged where the first frame goes beyond it.
    let size: ImageSize

    /// The first frame.
    let frame: Frame

    /// The number of frames that are in the file.
    let frameCount: Int

    /// One image and what says how its indices become pixels.
    struct Frame {
        /// Where the image lies on the screen, in pixels.
        let x: Int
        let y: Int

        /// The dimensions of the image.
        let size: ImageSize

        /// Whether the rows come in four passes.
        let isInterlaced: Bool

        /// Three bytes for each colour.
        let colorTable: Range<Int>

        /// The index of pixels that are not drawn.
        let transparentIndex: UInt8?

        /// Where the compressed data lies: the minimum code size, then sub-blocks.
        let dataOffset: Int

        /// The rows in the order in which they are stored: interlaced ones come in four passes.
        var rowOrder: [Int] {
            guard isInterlaced else { return Array(0..<size.height) }
            return [
                (first: 0, step: 8), (first: 4, step: 8), (first: 2, step: 4), (first: 1, step: 2),
            ]
            .flatMap { Array(stride(from: $0.first, to: size.height, by: $0.step)) }
        }
    }

    private static let headerByteCount = 13
    private static let imageByteCount = 10

    /// Walks the blocks of a file.
    ///
    /// - Throws: ``CodecError`` where pixels can't be had, with the offset.
    init(_ bytes: borrowing Span<UInt8>) throws(CodecError) {
        guard ImageFormat(firstBytes: bytes) == .gif, bytes.count >= Self.headerByteCount else {
            throw .malformed(.gif, "the file ends at \(bytes.count) bytes, its header has 13")
        }
        let globalTable = try Self.colorTable(
            at: Self.headerByteCount, flags: bytes[10], of: bytes)
        var offset = globalTable?.upperBound ?? Self.headerByteCount
        var transparentIndex: UInt8?
        var frame: Frame?
        var frameCount = 0
        blocks: while offset < bytes.count {
            switch bytes[offset] {
            case 0x21:  // an extension
                if frame == nil {
                    transparentIndex =
                        Self.transparentIndex(at: offset, of: bytes) ?? transparentIndex
                }
                offset = Self.endOfSubBlocks(from: offset + 2, of: bytes)
            case 0x2C:  // an image
                if frame == nil {
                    frame = try Self.frame(
                        at: offset, globalTable: globalTable, transparentIndex: transparentIndex,
                        of: bytes)
                }
                guard let end = Self.endOfImage(at: offset, of: bytes) else { break blocks }
                frameCount += 1
                offset = end
            default: break blocks  // the trailer, or what is none
            }
        }
        guard let frame else {
            throw .malformed(.gif, "there is no image at offset \(offset)")
        }
        let width = max(bytes.littleEndian16(at: 6), frame.x + frame.size.width)
        let height = max(bytes.littleEndian16(at: 8), frame.y + frame.size.height)
        guard let size = ImageSize(width: width, height: height) else {
            throw .malformed(.gif, "the screen is \(width)×\(height) pixels")
        }
        self.size = size
        self.frame = frame
        self.frameCount = max(1, frameCount)
    }

    /// Whether some pixels of the screen may be transparent.
    var hasAlpha: Bool { frame.transparentIndex != nil || frame.size != size }

    /// The colour table that `flags` announce at `offset`, or nil if they announce none.
    private static func colorTable(
        at offset: Int, flags: UInt8, of bytes: borrowing Span<UInt8>
    ) throws(CodecError) -> Range<Int>? {
        guard flags & 0x80 != 0 else { return nil }
        let byteCount = 3 << (Int(flags & 7) + 1)
        guard offset + byteCount <= bytes.count else {
            throw .malformed(
                .gif,
                "the colour table is truncated: \(byteCount) bytes announced, "
                    + "\(max(0, bytes.count - offset)) present (offset \(offset))")
        }
        return offset..<offset + byteCount
    }

    /// The transparent index, if the extension at `offset` is a graphic control and has one.
    private static func transparentIndex(
        at offset: Int, of bytes: borrowing Span<UInt8>
    ) -> UInt8? {
        guard offset + 7 < bytes.count, bytes[offset + 1] == 0xF9, bytes[offset + 2] == 4,
            bytes[offset + 3] & 1 == 1
        else { return nil }
        return bytes[offset + 6]
    }

    private static func frame(
        at offset: Int, globalTable: Range<Int>?, transparentIndex: UInt8?,
        of bytes: borrowing Span<UInt8>
    ) throws(CodecError) -> Frame {
        guard offset + imageByteCount <= bytes.count else {
            throw .malformed(.gif, "the image header is truncated (offset \(offset))")
        }
        let flags = bytes[offset + 9]
        let localTable = try colorTable(at: offset + imageByteCount, flags: flags, of: bytes)
        guard let table = localTable ?? globalTable else {
            throw .malformed(.gif, "the image has no colour table (offset \(offset))")
        }
        let (width, height) = (
            bytes.littleEndian16(at: offset + 5), bytes.littleEndian16(at: offset + 7)
        )
        guard let size = ImageSize(width: width, height: height) else {
            throw .malformed(.gif, "the image is \(width)×\(height) pixels (offset \(offset))")
        }
        return Frame(
            x: bytes.littleEndian16(at: offset + 1), y: bytes.littleEndian16(at: offset + 3),
            size: size, isInterlaced: flags & 0x40 != 0, colorTable: table,
            transparentIndex: transparentIndex,
            dataOffset: localTable?.upperBound ?? offset + imageByteCount)
    }

    /// The offset after an image's data, or nil if the file ends before its header does.
    private static func endOfImage(at offset: Int, of bytes: borrowing Span<UInt8>) -> Int? {
        guard offset + imageByteCount < bytes.count else { return nil }
        let flags = bytes[offset + 9]
        let tableByteCount = flags & 0x80 != 0 ? 3 << (Int(flags & 7) + 1) : 0
        return endOfSubBlocks(from: offset + imageByteCount + tableByteCount + 1, of: bytes)
    }

    /// The offset after a chain of sub-blocks: a length and so many bytes each, until a length of 0.
    private static func endOfSubBlocks(from offset: Int, of bytes: borrowing Span<UInt8>) -> Int {
        var offset = offset
        while offset < bytes.count, bytes[offset] != 0 { offset += 1 + Int(bytes[offset]) }
        return offset + 1
    }
}
