// Feeds libFuzzer's inputs to the PNG codec, and compares the fast reader with libpng: `make fuzz`.

@testable import Codecs
import Glibc
import Images
import Profiling

/// libFuzzer's loop (FuzzerInterface.h), for programs that have a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ testOneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

var argumentCount = CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
exit(unsafe runFuzzer(&argumentCount, &arguments, { unsafe testOneInput($0, $1) }))

/// Decodes one input; returns 0, as libFuzzer wants it.
private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var file = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    // Of the writer's own parts only this one reads what others made.
    let walk = try? DeflateWalk(over: file.span)
    precondition(walk.map { $0.end <= 8 * count } ?? true, "a walk beyond the end")
    // Mutations seldom leave a zlib stream sound: what does not begin as a PNG becomes rows of one.
    if file.first == 0x89 { repairChecksums(of: &file) } else { file = image(of: file) }
    let codec = PNGCodec()
    guard let header = try? codec.probe(file.span, limits: DecodeLimits(pixelCount: 1 << 16)) else {
        return 0
    }
    var report: DecodeReport?
    let pixels = try? decoded(header.layout) { pixels throws(CodecError) in
        report = try codec.decode(
            file.span, as: header, shrunkBy: 1, into: &pixels, checkpoint: .none)
    }
    var warnings: [String] = []
    do throws(CodecError) {
        let expected = try decoded(header.layout) { pixels throws(CodecError) in
            warnings = try LibPNG.read(
                PNGFile(file.span), of: file.span, as: header.layout, into: &pixels,
                checkpoint: .none)
        }
        precondition(pixels == expected, "other pixels than libpng's")
        precondition(
            warnings.allSatisfy { report?.warnings.contains($0) == true }, "libpng warned of more")
    } catch {
        // libdeflate takes codes that do not exist for others; the checksum is right then.
        let isUnknownCode = ["invalid distance", "invalid literal/length"].contains {
            "\(error)".contains($0)
        }
        precondition(
            pixels == nil || isUnknownCode, "libpng fails: \(error)")
    }
    guard let pixels else { return 0 }
    for effort in EncodeOptions.PNGEffort.allCases where header.layout.byteCount < 1 << 14 {
        // As one band and as several.
        roundTrip(pixels, header.layout, effort, bandLimit: .max)
        roundTrip(pixels, header.layout, effort, bandLimit: 50 + file.count % 1000)
    }
    return 0
}

/// The pixels that `decode` leaves.
private func decoded(
    _ layout: PixelLayout, _ decode: (inout MutableRawSpan) throws(CodecError) -> Void
) throws(CodecError) -> [UInt8] {
    var pixels = [UInt8](repeating: 0xA5, count: layout.byteCount)
    var span = pixels.mutableSpan
    var bytes = unsafe span.mutableBytes
    try decode(&bytes)
    return pixels
}

/// Encodes pixels, and wants them back from libpng: as they were, or reduced without loss.
private func roundTrip(
    _ pixels: [UInt8], _ layout: PixelLayout, _ effort: EncodeOptions.PNGEffort, bandLimit: Int
) {
    guard
        let file = try? unsafe FastPNGWriter.write(
            pixels.span.bytes, as: layout, effort: effort, metadataChunks: [], hasProfile: false,
            checkpoint: .none, bandLimit: bandLimit),
        let header = try? PNGCodec().probe(file.span, limits: .default)
    else { preconditionFailure("pixels that can't be written") }
    let result = try? decoded(header.layout) { pixels throws(CodecError) in
        let warnings = try LibPNG.read(
            PNGFile(file.span), of: file.span, as: header.layout, into: &pixels, checkpoint: .none)
        precondition(warnings.isEmpty, "a file that is not sound")
    }
    precondition(result != nil, "a file that libpng does not read")
    precondition(header.layout != layout || result == pixels, "other pixels")
}

/// A file whose header is made from the first two bytes and whose filtered rows are the others.
private func image(of bytes: [UInt8]) -> [UInt8] {
    let kinds: [(PNGHeader.ColorType, Int)] = [
        (.gray, 1), (.gray, 2), (.gray, 4), (.gray, 8), (.gray, 16), (.rgb, 8), (.rgb, 16),
        (.palette, 1), (.palette, 2), (.palette, 4), (.palette, 8), (.grayAlpha, 8),
        (.grayAlpha, 16), (.rgba, 8), (.rgba, 16),
    ]
    guard bytes.count > 3 else { return [] }
    let (colorType, bitDepth) = kinds[Int(bytes[0]) % kinds.count]
    let hasTransparency = bytes[0] >= 128
    let width = Int(bytes[1]) + 1
    let rows = bytes[2...]
    func header(_ height: Int) -> PNGHeader? {
        ImageSize(width: width, height: height).map {
            PNGHeader(size: $0, bitDepth: bitDepth, colorType: colorType)
        }
    }
    guard let row = header(1), let header = header(rows.count / (row.bytesPerRow + 1)) else {
        return []
    }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    var content: [UInt8] = []
    content.append(bigEndian: UInt32(width))
    content.append(bigEndian: UInt32(header.size.height))
    content += [UInt8(bitDepth), colorType.rawValue, 0, 0, 0]
    file.append(chunk: .header, content)
    if colorType == .palette {
        file.append(chunk: .palette, (0..<3 * (Int(bytes[1]) % 255 + 1)).map { UInt8($0 % 251) })
    }
    let alpha = [UInt8](bytes.prefix(colorType == .gray ? 2 : colorType == .rgb ? 6 : 1))
    if hasTransparency { file.append(chunk: .transparency, alpha) }
    PNGWorkspace.borrow { workspace in
        guard
            var stream = ZlibStream(
                pieceCount: 1, largestPiece: rows.count, in: workspace, checkpoint: .none)
        else { return }
        unsafe rows.withUnsafeBufferPointer { rows in
            try? unsafe stream.append(rows, by: .quick(.runs), isLast: true)
            unsafe file.append(imageData: stream.finish())
        }
    }
    file.append(chunk: .end, [])
    return file
}

/// Gives each chunk the checksum that its bytes have, so that mutated bytes are looked at.
private func repairChecksums(of file: inout [UInt8]) {
    var offset = PNGFile.signatureByteCount
    while let chunk = PNGChunk(at: offset, of: file.span), chunk.isWhole {
        let checksum = PNGChunk.checksum(
            of: file.span.extracting(chunk.offset + 4..<chunk.content.upperBound))
        for i in 0..<4 {
            file[chunk.content.upperBound + i] = UInt8(
                truncatingIfNeeded: checksum >> UInt32(24 - 8 * i))
        }
        offset = chunk.end
    }
}
