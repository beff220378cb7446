import Images
import Profiling
import TestSupport
import Testing

@testable import Filters

@Suite("The histogram of luma")
struct LumaHistogramTests {
    /// Sizes of which counts are in one histogram or in several that are added up.
    static let sizes = [(1, 1), (17, 5), (65, 64), (1025, 513)]

    @Test(
        "counts every pixel once, for all lumas or for ranges of them",
        arguments: [PixelFormat.gray8, .rgba8, .gray16, .rgb16], sizes)
    func counts(format: PixelFormat, sides: (width: Int, height: Int)) throws {
        let size = try #require(ImageSize(width: sides.width, height: sides.height))
        let image = TestImage.noise(format, size)
        let levelCount = 1 << format.bitsPerSample
        var expected = Array(repeating: 0, count: levelCount)
        for pixel in stride(from: 0, to: image.samples.count, by: format.channelCount) {
            expected[luma(of: image, pixel)] += 1
        }
        for room in [levelCount, levelCount / 4] {
            let ranges = LevelRanges(bitsPerSample: format.bitsPerSample, room: room)
            #expect(try counts(of: image, ranges) == expected, "\(ranges.count) ranges")
        }
    }

    private func luma(of image: TestImage, _ pixel: Int) -> Int {
        let colors = image.samples[pixel..<pixel + (image.layout.format.isColor ? 3 : 1)]
        guard colors.count == 3 else { return Int(image.samples[pixel]) }
        let (red, green, blue) = (
            colors[pixel], colors[pixel + 1], colors[pixel + 2]
        )
        return image.layout.format.bitsPerSample == 8
            ? Int(Luma.rec709(UInt8(red), UInt8(green), UInt8(blue)))
            : Int(Luma.rec709(UInt16(red), UInt16(green), UInt16(blue)))
    }

    private func counts(of image: TestImage, _ ranges: LevelRanges) throws -> [Int] {
        if image.layout.format.bitsPerSample == 8 {
            try counts(of: image, ranges, UInt8.self)
        } else {
            try counts(of: image, ranges, UInt16.self)
        }
    }

    private func counts<Sample: PixelSample>(
        of image: TestImage, _ ranges: LevelRanges, _ sample: Sample.Type
    ) throws -> [Int] {
        var memory = FilterScratch()
        var scratch = memory.lend(
            byteCount: LumaHistogram<Sample>.scratchByteCount(for: image.layout, ranges: ranges))
        var found: [Int] = []
        var bytes = image.bytes
        try unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            let pixels = unsafe ImageMemory(
                start: start, byteCount: buffer.count, layout: image.layout)
            let histogram = try LumaHistogram<Sample>(
                of: pixels.rows(), image.layout, ranges: ranges, scratch: &scratch,
                checkpoint: .none)
            try histogram.forEachLuma(.none) { luma, count in
                #expect(luma == found.count)
                found.append(count)
            }
        }
        return found
    }
}
