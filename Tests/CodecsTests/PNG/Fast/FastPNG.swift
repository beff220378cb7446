import Images
import Profiling
import Testing

@testable import Codecs

/// The fast path with arrays in place of spans.
enum FastPNG {
    static func encode(
        _ pixels: [UInt8], as layout: PixelLayout, hasProfile: Bool = false,
        effort: EncodeOptions.PNGEffort = .balanced, checkpoint: Checkpoint = .none,
        bandLimit: Int? = nil
    ) throws -> [UInt8] {
        try unsafe FastPNGWriter.write(
            pixels.span.bytes, as: layout, effort: effort, metadataChunks: [],
            hasProfile: hasProfile, checkpoint: checkpoint, bandLimit: bandLimit)
    }

    /// The pixels as they come, or nil where the file is declined.
    static func decode(
        _ bytes: [UInt8], checkpoint: Checkpoint = .none
    ) throws -> (pixels: [UInt8], layout: PixelLayout)? {
        let (file, layout) = try parts(of: bytes)
        var pixels = [UInt8](repeating: 0xA5, count: layout.byteCount)
        var span = pixels.mutableSpan
        var memory = unsafe span.mutableBytes
        let isDone = try FastPNGReader.read(
            file, of: bytes.span, as: layout, into: &memory, checkpoint: checkpoint)
        return isDone ? (pixels, layout) : nil
    }

    /// The pixels that libpng gives.
    static func decodeByLibPNG(_ bytes: [UInt8]) throws -> [UInt8] {
        let (file, layout) = try parts(of: bytes)
        var pixels = [UInt8](repeating: 0x5A, count: layout.byteCount)
        var span = pixels.mutableSpan
        var memory = unsafe span.mutableBytes
        let warnings = try LibPNG.read(
            file, of: bytes.span, as: layout, into: &memory, checkpoint: .none)
        #expect(warnings.isEmpty)
        return pixels
    }

    private static func parts(of bytes: [UInt8]) throws -> (PNGFile, PixelLayout) {
        let file = try PNGFile(bytes.span)
        let format = file.header.pixelFormat(hasTransparency: file.transparency != nil)
        return (file, try #require(PixelLayout(size: file.header.size, format: format)))
    }

    /// Pixels in a format that holds them, with no thought of speed.
    static func convert(
        _ pixels: [UInt8], from stored: PixelFormat, to format: PixelFormat
    ) -> [UInt8] {
        stride(from: 0, to: pixels.count, by: stored.bytesPerPixel).flatMap { start in
            let samples = (0..<stored.channelCount).map { channel -> [UInt8] in
                let sample = start + channel * stored.bytesPerSample
                let bytes = Array(pixels[sample..<sample + stored.bytesPerSample])
                return format.bytesPerSample > bytes.count ? bytes + bytes : bytes
            }
            let opaque = [UInt8](repeating: 255, count: format.bytesPerSample)
            let alpha = stored.hasAlpha ? samples[stored.channelCount - 1] : opaque
            let colors = stored.isColor ? samples[0..<3] : [samples[0], samples[0], samples[0]]
            return colors.prefix(format.isColor ? 3 : 1).flatMap { $0 }
                + (format.hasAlpha ? alpha : [])
        }
    }
}
