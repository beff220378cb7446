internal import Images

/// Where the parts of a PNG file lie, found by walking its chunks once.
///
/// The walk costs a few nanoseconds a chunk: checksums of pixel data are not computed, nothing is
/// inflated, nothing but this is allocated.
struct PNGFile {
    static let signatureByteCount = 8

    /// The chunk IHDR.
    let header: PNGHeader

    /// The content of PLTE, three bytes a colour, where pixels are palette indices.
    private(set) var palette: Range<Int>?

    /// The content of tRNS: alpha of palette entries, or the one transparent colour.
    private(set) var transparency: Range<Int>?

    /// The chunks IDAT, one after the other, from the first to the last whole one, frames included.
    private(set) var imageData: Range<Int>

    /// The chunk IDAT that the end of the file cuts off, if one is.
    private(set) var truncatedImageData: PNGChunk?

    /// The chunks with metadata that were found; their checksums are right.
    private(set) var profile: PNGChunk?
    private(set) var exif: PNGChunk?
    private(set) var xmp: PNGChunk?

    /// What gAMA, cHRM, sRGB and cICP say.
    private(set) var colorimetry = Colorimetry()

    /// The number of frames, 1 without animation.
    private(set) var frameCount = 1

    /// What breaks a rule and does not matter for the pixels: the first few clauses of it.
    private(set) var warnings: [String] = []

    /// The most warnings of one file: a hostile one could have millions.
    private static let warningLimit = 8

    /// Walks the chunks of a file.
    ///
    /// - Throws: ``CodecError`` where pixels can't be had, with the chunk and its offset.
    init(_ bytes: borrowing Span<UInt8>) throws(CodecError) {
        let first = try Self.firstChunk(of: bytes)
        try first.check(in: bytes)
        header = try PNGHeader(first, in: bytes)
        imageData = first.end..<first.end
        var place = Place.beforeImageData
        var offset = first.end
        while place != .afterEnd, let chunk = PNGChunk(at: offset, of: bytes) {
            guard chunk.announcedByteCount <= ImageSize.largestSide else {
                throw chunk.malformed(
                    "announces \(chunk.announcedByteCount) bytes, 2147483647 are allowed")
            }
            guard chunk.kind.isValid else {
                try end(with: "there is no chunk at offset \(offset)", at: place)
                return
            }
            try add(chunk, at: &place, of: bytes)
            offset = chunk.end
        }
        if place == .beforeImageData {
            throw .malformed(.png, "the file ends at \(bytes.count) bytes without a chunk IDAT")
        }
        if place != .afterEnd { warn("the chunk IEND is missing") }
    }

    /// Where in the file the walk is.
    private enum Place { case beforeImageData, inImageData, afterImageData, afterEnd }

    private static func firstChunk(of bytes: borrowing Span<UInt8>) throws(CodecError) -> PNGChunk {
        guard ImageFormat(firstBytes: bytes) == .png else {
            throw .malformed(.png, "the first 8 bytes are not the signature")
        }
        guard let chunk = PNGChunk(at: signatureByteCount, of: bytes) else {
            throw .malformed(.png, "the file ends at \(bytes.count) bytes without a chunk IHDR")
        }
        guard chunk.kind != .appleVariant else { throw .unsupported(.png, "Apple's variant CgBI") }
        guard chunk.kind == .header else {
            throw chunk.malformed("is the first one instead of IHDR")
        }
        return chunk
    }

    private mutating func add(
        _ chunk: PNGChunk, at place: inout Place, of bytes: borrowing Span<UInt8>
    ) throws(CodecError) {
        if chunk.kind == .imageData {
            try addImageData(chunk, at: &place)
            return
        }
        if place == .inImageData { place = .afterImageData }
        switch chunk.kind {
        case .end: place = .afterEnd
        case .header: throw chunk.malformed("appears twice")
        case .palette where place == .beforeImageData: try addPalette(chunk, of: bytes)
        case .palette: warn(chunk.clause("is ignored after the pixels"))
        case let kind where kind.isCritical:
            throw .unsupported(.png, chunk.clause("of an unknown kind"))
        default:
            do {
                try addAncillary(chunk, at: place, of: bytes)
            } catch {
                warn("\(error); it is ignored")
            }
        }
    }

    private mutating func addImageData(
        _ chunk: PNGChunk, at place: inout Place
    ) throws(CodecError) {
        switch place {
        case .beforeImageData:
            guard header.colorType != .palette || palette != nil else {
                throw chunk.malformed("comes before the chunk PLTE that its pixels need")
            }
            imageData = chunk.offset..<chunk.offset
            place = .inImageData
        case .inImageData: break
        case .afterImageData, .afterEnd:
            warn(chunk.clause("is ignored: it does not follow the others"))
            return
        }
        if chunk.isWhole {
            imageData = imageData.lowerBound..<chunk.end
        } else {
            truncatedImageData = chunk
        }
    }

    private mutating func addPalette(
        _ chunk: PNGChunk, of bytes: borrowing Span<UInt8>
    ) throws(CodecError) {
        // Beside true colour it is a suggestion for displays of few colours.
        guard header.colorType == .palette else { return }
        try chunk.check(in: bytes)
        guard palette == nil else { throw chunk.malformed("appears twice") }
        let largestCount = 3 << header.bitDepth
        guard chunk.content.count % 3 == 0, !chunk.content.isEmpty, chunk.content.count <= 768
        else {
            throw chunk.malformed("has \(chunk.content.count) bytes instead of 3 for each colour")
        }
        let start = chunk.content.lowerBound
        palette = start..<start + min(chunk.content.count, largestCount)
    }

    private mutating func addAncillary(
        _ chunk: PNGChunk, at place: Place, of bytes: borrowing Span<UInt8>
    ) throws(CodecError) {
        switch chunk.kind {
        case .transparency where place == .beforeImageData && transparency == nil:
            try chunk.check(in: bytes)
            transparency = try validTransparency(chunk)
        case .profile where place == .beforeImageData && profile == nil:
            try chunk.check(in: bytes)
            profile = chunk
        case .gamma, .chromaticities, .standardRGB, .codingPoints:
            if place == .beforeImageData { try colorimetry.add(chunk, in: bytes) }
        case .exif where exif == nil:
            try chunk.check(in: bytes)
            exif = chunk
        case .internationalText where bytes.has("XML:com.adobe.xmp\0", at: chunk.content.lowerBound):
            try chunk.check(in: bytes)
            xmp = chunk
        case .animation where place == .beforeImageData && chunk.content.count == 8:
            try chunk.check(in: bytes)
            frameCount = max(1, bytes.bigEndian32(at: chunk.content.lowerBound))
        default:
            if !chunk.isWhole { throw chunk.truncated }
        }
    }

    private func validTransparency(_ chunk: PNGChunk) throws(CodecError) -> Range<Int> {
        let isRight: Bool
        switch header.colorType {
        case .gray: isRight = chunk.content.count == 2
        case .rgb: isRight = chunk.content.count == 6
        case .palette:
            isRight =
                (1...256).contains(chunk.content.count)
                && chunk.content.count <= (palette?.count ?? 0) / 3
        case .grayAlpha, .rgba: isRight = false
        }
        guard isRight else {
            throw chunk.malformed(
                "has \(chunk.content.count) bytes, which does not fit the colours of the image")
        }
        return chunk.content
    }

    private mutating func warn(_ clause: String) {
        if warnings.count < Self.warningLimit { warnings.append(clause) }
    }

    private mutating func end(with reason: String, at place: Place) throws(CodecError) {
        guard place != .beforeImageData else { throw .malformed(.png, reason) }
        warn(reason)
    }
}
