import Images
import Testing

@testable import Codecs

@Suite("Reducing colour type and depth")
struct ColorReductionTests {
    /// The colour type and depth in the file that the small effort writes.
    private func stored(
        _ pixels: [UInt8], _ format: PixelFormat, width: Int, hasProfile: Bool = false
    ) throws -> PNGHeader {
        let height = pixels.count / format.bytesPerPixel / width
        let layout = try PixelLayout.of(width, height, format)
        let file = try FastPNG.encode(
            pixels, as: layout, hasProfile: hasProfile, effort: .small)
        let decoded = try #require(try FastPNG.decode(file))
        #expect(
            FastPNG.convert(decoded.pixels, from: decoded.layout.format, to: format) == pixels)
        return try PNGFile(file.span).header
    }

    /// Bytes of many colours.
    private func noise(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 5)
        return (0..<count).map { _ in .random(in: 0...255, using: &generator) }
    }

    @Test("drops alpha that is opaque everywhere")
    func opaqueAlpha() throws {
        let header = try stored(
            noise(3000).enumerated().map { $0.offset % 4 == 3 ? 255 : $0.element }, .rgba8,
            width: 30)
        #expect(header.colorType == .rgb && header.bitDepth == 8)
    }

    @Test("keeps alpha that one pixel needs")
    func neededAlpha() throws {
        var pixels = noise(4 * 900)
        for i in stride(from: 3, to: pixels.count, by: 4) { pixels[i] = 255 }
        pixels[pixels.count - 1] = 254
        #expect(try stored(pixels, .rgba8, width: 30).colorType == .rgba)
    }

    @Test("stores gray pixels as gray", arguments: [PixelFormat.rgb8, .rgb16])
    func gray(format: PixelFormat) throws {
        let samples = noise(600 * format.bytesPerSample)
        let pixels = stride(from: 0, to: samples.count, by: format.bytesPerSample).flatMap { i in
            let sample = Array(samples[i..<i + format.bytesPerSample])
            return sample + sample + sample
        }
        let header = try stored(pixels, format, width: 20)
        #expect(header.colorType == .gray && header.bitDepth == format.bitsPerSample)
    }

    @Test("does not make colour gray across a profile")
    func profileKeepsColor() throws {
        let pixels = noise(500).flatMap { [$0, $0, $0] }
        let header = try stored(pixels, .rgb8, width: 20, hasProfile: true)
        #expect(header.colorType == .rgb || header.colorType == .palette)
    }

    @Test("does not make gray a palette across a profile")
    func profileKeepsGray() throws {
        let pixels = noise(900).map { $0 % 7 * 9 }
        #expect(try stored(pixels, .gray8, width: 30, hasProfile: true).colorType == .gray)
    }

    @Test(
        "stores up to 256 colours as a palette of the least depth",
        arguments: [(2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8)])
    func palette(colorCount: Int, bitDepth: Int) throws {
        let order = noise(2000)
        let pixels = (0..<2000).flatMap { i -> [UInt8] in
            let color = i < colorCount ? i : Int(order[i]) % colorCount
            return [UInt8(color), UInt8(color * 31 & 255), UInt8(color * 7 & 255 ^ 5)]
        }
        let header = try stored(pixels, .rgb8, width: 40)
        #expect(header.colorType == .palette && header.bitDepth == bitDepth)
    }

    @Test("stores colours with alpha in a palette")
    func paletteWithAlpha() throws {
        let order = noise(2000)
        let pixels = (0..<2000).flatMap { i -> [UInt8] in
            let color = order[i] % 40
            return [color, color &* 31, color &* 7, color % 3 == 0 ? 255 : color]
        }
        #expect(try stored(pixels, .rgba8, width: 40).colorType == .palette)
    }

    @Test("stores 16 bits that are 8 as 8")
    func halvesDepth() throws {
        let pixels = noise(3000).flatMap { [$0, $0] }
        #expect(try stored(pixels, .rgb16, width: 20).bitDepth == 8)
    }

    @Test("keeps 16 bits of which one sample needs them")
    func neededDepth() throws {
        var pixels = noise(3000).flatMap { [$0, $0] }
        pixels[0] ^= 1
        #expect(try stored(pixels, .rgb16, width: 20).bitDepth == 16)
    }

    @Test("stores gray of few levels in the bits that hold them", arguments: [1, 2, 4])
    func grayDepth(bitDepth: Int) throws {
        let step = 255 / (1 << bitDepth - 1)
        // A width that does not fill the last byte.
        let pixels = noise(29 * 20).map { UInt8(Int($0) % (1 << bitDepth) * step) }
        let header = try stored(pixels, .gray8, width: 29)
        #expect(header.bitDepth == bitDepth)
    }
}
