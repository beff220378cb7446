import Images
import Profiling
import Testing

@testable import Codecs

@Suite("Writing a PNG and reading it back, both fast")
struct FastPNGTests {
    static let formats = PixelFormat.allCases

    @Test("gives the same pixels", arguments: formats, EncodeOptions.PNGEffort.allCases)
    func roundTrip(format: PixelFormat, effort: EncodeOptions.PNGEffort) throws {
        for (width, height) in [(1, 1), (1, 9), (9, 1), (7, 5), (33, 17), (100, 35)] {
            let layout = try #require(
                ImageSize(width: width, height: height).flatMap {
                    PixelLayout(size: $0, format: format)
                })
            var generator = SeededGenerator(seed: UInt64(width))
            let pixels = generator.bytes(layout.byteCount)
            let file = try FastPNG.encode(pixels, as: layout, effort: effort)
            #expect(try FastPNG.decode(file, to: format) == pixels)
        }
    }
}

/// The fast path with arrays in place of spans.
enum FastPNG {
    static func encode(
        _ pixels: [UInt8], as layout: PixelLayout, hasProfile: Bool = false,
        effort: EncodeOptions.PNGEffort = .balanced
    ) throws -> [UInt8] {
        unsafe try FastPNGWriter.write(
            pixels.span.bytes, as: layout, effort: effort, metadataChunks: [],
            hasProfile: hasProfile, checkpoint: .none)
    }

    /// The pixels as they come, or nil where the file is declined.
    static func decode(_ file: [UInt8]) throws -> (pixels: [UInt8], format: PixelFormat)? {
        let png = try PNGFile(file.span)
        let format = png.header.pixelFormat(hasTransparency: png.transparency != nil)
        let layout = try #require(PixelLayout(size: png.header.size, format: format))
        var pixels = [UInt8](repeating: 0xA5, count: layout.byteCount)
        var span = pixels.mutableSpan
        var bytes = unsafe span.mutableBytes
        let isDone = try FastPNGReader.read(
            png, of: file.span, as: layout, into: &bytes, checkpoint: .none)
        return isDone ? (pixels, format) : nil
    }

    /// The pixels in a format that holds them, or nil where the file is declined.
    static func decode(_ file: [UInt8], to format: PixelFormat) throws -> [UInt8]? {
        guard let (pixels, stored) = try decode(file) else { return nil }
        return stride(from: 0, to: pixels.count, by: stored.bytesPerPixel).flatMap { start in
            let samples = (0..<stored.channelCount).map { channel -> [UInt8] in
                let sample = start + channel * stored.bytesPerSample
                let bytes = Array(pixels[sample..<sample + stored.bytesPerSample])
                return format.bytesPerSample > bytes.count ? bytes + bytes : bytes
            }
            let opaque = [UInt8](repeating: 255, count: format.bytesPerSample)
            let alpha = stored.hasAlpha ? samples[stored.channelCount - 1] : opaque
            let colors =
                stored.isColor ? Array(samples[0..<3]) : [samples[0], samples[0], samples[0]]
            return (format.isColor ? colors : [colors[0]]).flatMap { $0 }
                + (format.hasAlpha ? alpha : [])
        }
    }
}
