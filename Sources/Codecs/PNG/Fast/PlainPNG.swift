/// The parts of a PNG file in which nothing is unusual: what the fast reader takes.
///
/// All chunks are there, in order, with right checksums, and the image is not interlaced. Whether
/// anything else is an error or worth a warning is for libpng to say: its verdict and its words are
/// then the only ones.
struct PlainPNG {
    let header: PNGHeader

    /// The content of `PLTE`, three bytes a colour.
    private(set) var palette: Range<Int>?

    /// The content of `tRNS`: alpha of the palette's colours, or the colour that is transparent.
    private(set) var transparency: Range<Int>?

    /// The contents of the `IDAT` chunks: together one zlib stream.
    private(set) var imageData: [Range<Int>] = []

    /// The chunks that may be skipped, in the order of the file.
    private(set) var ancillary: [PNGChunk] = []

    /// Finds the parts; nil for whatever is not plain.
    ///
    /// - Parameter bytes: The whole file. It comes from outside and may be anything.
    init?(_ bytes: borrowing Span<UInt8>) {
        guard bytes.count > pngSignature.count,
            pngSignature.indices.allSatisfy({ bytes[$0] == pngSignature[$0] }),
            let first = PNGChunk(in: bytes, at: pngSignature.count),
            first.type == PNGChunkType.header,
            let header = PNGHeader(bytes, at: first.content), !header.isInterlaced
        else { return nil }
        self.header = header

        var isAfterImageData = false
        var offset = first.end
        while let chunk = PNGChunk(in: bytes, at: offset) {
            offset = chunk.end
            if chunk.type == PNGChunkType.imageData {
                if isAfterImageData { return nil }
                imageData.append(chunk.content)
                continue
            }
            isAfterImageData = !imageData.isEmpty
            if chunk.type == PNGChunkType.end {
                guard chunk.content.isEmpty, isAfterImageData, isComplete else { return nil }
                return
            }
            guard add(chunk) else { return nil }
        }
        return nil
    }

    /// Takes a chunk that is neither `IDAT` nor `IEND`; false if it is out of order.
    private mutating func add(_ chunk: PNGChunk) -> Bool {
        switch chunk.type {
        case PNGChunkType.palette:
            guard imageData.isEmpty, palette == nil, transparency == nil,
                header.colorType != .gray, header.colorType != .grayAlpha,
                chunk.content.count % 3 == 0, !chunk.content.isEmpty,
                chunk.content.count <= 3 << (header.colorType == .palette ? header.bitDepth : 8)
            else { return false }
            palette = chunk.content
        case PNGChunkType.transparency:
            guard imageData.isEmpty, transparency == nil, isTransparency(chunk.content)
            else { return false }
            transparency = chunk.content
        default:
            guard chunk.isAncillary else { return false }
            ancillary.append(chunk)
        }
        return true
    }

    private func isTransparency(_ content: Range<Int>) -> Bool {
        switch header.colorType {
        case .gray: content.count == 2
        case .rgb: content.count == 6
        case .palette:
            !content.isEmpty && content.count <= (palette?.count ?? 0) / 3
        case .grayAlpha, .rgba: false
        }
    }

    private var isComplete: Bool { header.colorType != .palette || palette != nil }
}
