import Images
import Profiling
import TestSupport
import Testing

@testable import Filters

/// The same sums with as much scratch memory as they want, and with as little as they can do with.
@Suite("Sums in little memory")
struct SmallRoomTests {
    static let formats: [PixelFormat] = [.gray8, .grayAlpha8, .rgb8, .rgba8]

    @Test("resample to the same bytes", arguments: formats, [(70, 3), (9, 31), (90, 80)])
    func resampling(format: PixelFormat, size: (width: Int, height: Int)) throws {
        func expectSame<Working: WorkingSample>(_ type: Working.Type) throws {
            let image = try Self.image(format)
            let result = try #require(
                ImageSize(width: size.width, height: size.height).flatMap {
                    PixelLayout(size: $0, format: format)
                })
            func resampled(room: Int) throws -> [UInt8] {
                func taps(_ count: Int, of sourceCount: Int) -> [Taps] {
                    Taps.resampling(
                        .lanczos3, count: count, range: 0..<count, sourceCount: sourceCount,
                        extent: Double(sourceCount))
                }
                let sums = Resampling<Working>(
                    source: image.layout, result: result,
                    columns: taps(result.width, of: image.layout.width),
                    rows: taps(result.height, of: image.layout.height), isLinear: false, room: room)
                return try Self.samples(image, result, sums.scratchByteCount) {
                    source, target, scratch in
                    try sums.run(
                        rows: 0..<result.height, source, into: target, scratch: &scratch,
                        checkpoint: .none)
                }
            }
            #expect(try resampled(room: 0) == resampled(room: .max), "\(type)")
        }
        try expectSame(Int16.self)
        try expectSame(Float.self)
    }

    @Test("convolve to the same bytes in strips", arguments: formats, [false, true])
    func strips(format: PixelFormat, isSmoothed: Bool) throws {
        let exact = GaussianKernel.weights(sigma: 5)
        let kernel =
            isSmoothed
            ? try #require(SpacedKernel(approximating: exact, limit: 0.1)) : SpacedKernel(exact)
        #expect(kernel.isSmoothed == isSmoothed)
        func expectSame<Working: WorkingSample>(_ type: Working.Type) throws {
            let image = try Self.image(format)
            func convolved(room: Int) throws -> [UInt8] {
                let sums = SeparableConvolution<Working>(
                    of: image.layout, with: kernel, isLinear: false, room: room)
                if room == 0 { #expect(!sums.isWhole) }
                return try Self.samples(image, image.layout, sums.scratchByteCount) {
                    source, target, scratch in
                    try sums.run(
                        rows: 0..<image.layout.height, source, into: target, scratch: &scratch,
                        checkpoint: .none)
                }
            }
            let whole = try convolved(room: .max)
            #expect(try convolved(room: 0) == whole, "\(type)")
            #expect(try convolved(room: 40000) == whole, "\(type)")
        }
        try expectSame(Int16.self)
        try expectSame(Float.self)
    }

    @Test("convolve in place to the same samples", arguments: formats, [0, 40000, Int.max])
    func inPlace(format: PixelFormat, room: Int) throws {
        let weights = GaussianKernel.weights(sigma: 5)
        func expectSame<Working: WorkingSample>(_ type: Working.Type) throws {
            let image = try Self.image(format)
            let layout = image.layout
            let moving = SeparableConvolution<Working>(
                of: layout, with: SpacedKernel(weights), isLinear: false, room: .max)
            let inPlace = ConvolutionInPlace<Working>(of: layout, with: weights, room: room)
            let count = layout.samplesPerRow * layout.height
            var memory = FilterScratch()
            var scratch = memory.lend(
                byteCount: 3 * ScratchMemory.byteCount(count, of: Working.self)
                    + moving.scratchByteCount + inPlace.scratchByteCount)
            func takeRows(_ scratch: inout ScratchMemory) -> Rows<Working> {
                scratch.takeRows(layout.height, elementsPerRow: layout.samplesPerRow)
            }
            let (source, found) = (takeRows(&scratch), takeRows(&scratch))
            let expected = takeRows(&scratch)
            for index in 0..<count {
                source.all[index] = Working(value: Float(image.samples[index]))
            }
            try moving.run(rows: 0..<layout.height, scratch: &scratch, checkpoint: .none) {
                $2.copy(source[$0][$1])
            } body: {
                expected[$0][$1].copy($2)
            }
            found.all.copy(source.all)
            try inPlace.run(found, scratch: &scratch, checkpoint: .none)
            #expect((0..<count).allSatisfy { found.all[$0] == expected.all[$0] }, "\(type)")
        }
        try expectSame(Int16.self)
        try expectSame(Float.self)
    }

    private static func image(_ format: PixelFormat) throws -> TestImage {
        TestImage.noise(format, try #require(ImageSize(width: 83, height: 71)))
    }

    /// What `run` makes of an image, in memory that is no larger than announced.
    private static func samples(
        _ image: TestImage, _ result: PixelLayout, _ byteCount: Int,
        run: (Rows<UInt8>, Rows<UInt8>, inout ScratchMemory) throws -> Void
    ) throws -> [UInt8] {
        var memory = FilterScratch()
        let bytes = [image.layout, result].reduce(0) {
            $0 + ScratchMemory.byteCount($1.byteCount, of: UInt8.self)
        }
        var scratch = memory.lend(byteCount: bytes + byteCount)
        let source: Rows<UInt8> = scratch.takeRows(
            image.layout.height, elementsPerRow: image.layout.samplesPerRow)
        let target: Rows<UInt8> = scratch.takeRows(
            result.height, elementsPerRow: result.samplesPerRow)
        for index in 0..<image.samples.count {
            source.all[index] = UInt8(image.samples[index])
        }
        try run(source, target, &scratch)
        return (0..<result.byteCount).map { target.all[$0] }
    }
}
