import Filters
import Images
import Profiling
import TestSupport
import Testing

@Suite("A plan")
struct FilterPlanTests {
    static func layout(
        _ width: Int, _ height: Int, _ format: PixelFormat = .rgb8
    ) throws -> PixelLayout {
        try #require(
            ImageSize(width: width, height: height).flatMap {
                PixelLayout(size: $0, format: format)
            })
    }

    @Test("of nothing leaves the image where it is")
    func empty() throws {
        let layout = try Self.layout(10, 10)
        let plan = try FilterChain([]).plan(for: layout, resultFormat: .rgb8)
        #expect(plan.isEmpty && plan.result == layout && plan.byteCount == layout.byteCount)
        #expect(plan.resultOffset == 0)
    }

    @Test("keeps point filters in place, in one pass")
    func inPlace() throws {
        let layout = try Self.layout(10, 10)
        let plan = try FilterChain(["invert", "brightness:2", "gamma:2"]).plan(for: layout)
        #expect(plan.byteCount == layout.byteCount && plan.resultOffset == 0)
    }

    /// What is measured and what takes most, beside the examples of the manual.
    static let demanding =
        [
            "resize:50%", "resize:256x", "gaussian-blur:2", "gaussian-blur:5", "gaussian-blur:9.9",
            "gaussian-blur:20", "gaussian-blur:50", "gaussian-blur:100", "gaussian-blur:200",
            "unsharp:2", "unsharp:5,threshold=1", "unsharp:16", "unsharp:40,amount=3",
            "unsharp:100", "unsharp:200", "median:1", "median:10", "median:50", "erode:5",
            "erode:100", "dilate:1000", "clahe", "clahe:tiles=1", "clahe:tiles=64",
            "threshold:otsu", "rotate:7", "box-blur:1", "box-blur:100", "box-blur:1000",
            "normalize:clip=0", "bilateral", "bilateral:space=10", "bilateral:space=50", "nl-means",
            "nl-means:patch=10,search=50", "nl-means:patch=0,search=50",
        ] + [(99, 99), (99, 1), (1, 99)].map(convolution) + resizes

    private static func convolution(width: Int, height: Int) -> String {
        let row = Array(repeating: "1", count: width).joined(separator: " ")
        return "convolve:" + Array(repeating: row, count: height).joined(separator: " / ")
    }

    /// To a pixel, a row, a column or a little more, and to many.
    private static var resizes: [String] {
        let sizes = [
            "1x1", "3x3", "9x9", "100x1", "2000x1", "1x100", "1x2000", "2000x7", "7x2000",
            "4000x64", "20%", "200%",
        ]
        return sizes.flatMap { size in
            ["nearest", "box", "lanczos3"].map {
                "resize:\(size),fit=fill,upscale=yes,kernel=\($0)"
            }
        }
    }

    /// A few rows are always at work, which are much of an image of fewer than 64.
    @Test(
        "takes no more memory for a filter than input, output, twice the larger and 128 KiB",
        arguments: FilterTable.all.map(\.example) + demanding, PixelFormat.allCases)
    func memory(specification: String, format: PixelFormat) throws {
        let sizes = [
            (1, 1), (3, 2), (17, 5), (1000, 1), (1, 1000), (64, 64), (256, 64), (4000, 16),
            (128, 96), (130, 130), (250, 250), (500, 400), (800, 600), (1000, 1000), (40, 200),
            (3, 4000), (4000, 64), (4000, 250), (250, 4000), (2000, 2000),
        ]
        for (width, height) in sizes {
            // The examples' canvas is not around all of these, nor is their region inside.
            if specification.hasPrefix("pad") && max(width, height) > 1024 { continue }
            if specification.hasPrefix("crop") && min(width, height) < 640 { continue }
            let layout = try Self.layout(width, height, format)
            for isLinear in [false, true] {
                let plan = try FilterChain([specification], linear: isLinear).plan(for: layout)
                let both = layout.byteCount + plan.result.byteCount
                let larger = [layout, plan.result].map { $0.bytesPerRow * max($0.height, 64) }.max()
                #expect(
                    plan.byteCount + plan.scratchByteCount <= both + 2 * (larger ?? 0)
                        + (128 << 10),
                    "\(layout)\(isLinear ? " in linear light" : "")")
            }
        }
    }

    @Test("refuses results with too many pixels")
    func pixelLimit() throws {
        let layout = try Self.layout(100, 100)
        #expect(
            throws: FilterError.pixelLimitExceeded(
                filter: "resize", pixelCount: 40000, limit: 39999)
        ) {
            try FilterChain(["resize:200%,upscale=yes"]).plan(for: layout, pixelLimit: 39999)
        }
    }

    @Test("stops when the run is cancelled", arguments: FilterTable.all.map(\.example))
    func cancelled(example: String) throws {
        let layout = try Self.layout(1000, 1000)
        let plan = try FilterChain([example]).plan(for: layout)
        var frame = [UInt8](repeating: 7, count: plan.byteCount)
        var bytes = frame.mutableSpan
        var memory = unsafe bytes.mutableBytes
        var scratch = FilterScratch()
        guard !plan.isEmpty else { return }
        #expect(throws: FilterError.interrupted(.cancelled)) {
            try plan.run(in: &memory, scratch: &scratch, checkpoint: .cancelled)
        }
    }

    @Test(
        "shrinks a JPEG only before a first resize that halves it again",
        arguments: [
            (["resize:10%"], false, 4), (["resize:25%"], false, 2), (["resize:50%"], false, 1),
            (["resize:100x100"], false, 4), (["resize:100x100,kernel=nearest"], false, 1),
            (["invert", "resize:10%"], false, 1), (["resize:10%"], true, 1), ([], false, 1),
        ])
    func shrink(specifications: [String], isLinear: Bool, factor: Int) throws {
        let chain = try FilterChain(specifications, linear: isLinear)
        let size = try #require(ImageSize(width: 1000, height: 800))
        #expect(chain.shrink(for: size, orientation: .topLeft, offered: [1, 2, 4, 8]) == factor)
    }

    @Test("shrinks a JPEG by the preferred factor as long as no side gets too small")
    func preferredShrink() throws {
        let size = try #require(ImageSize(width: 1000, height: 800))
        let factors = try ["resize:100x100", "resize:126x126"].map {
            try FilterChain([$0]).shrink(
                for: size, orientation: .topLeft, offered: [1, 2, 4, 8], preferred: 8)
        }

        #expect(factors == [8, 2])
    }

    @Test("computes the size from the original, turned as the image is")
    func originalSize() throws {
        let plan = try FilterChain(["resize:50x"]).plan(
            for: Self.layout(51, 101), orientation: .rightTop,
            originalSize: ImageSize(width: 101, height: 201))
        #expect(plan.result.size == ImageSize(width: 50, height: 25))
    }

    @Test("gives the same bytes when it runs again with the same scratch memory")
    func repeated() throws {
        let image = TestImage.noise(.rgba8, ImageSize.odd[3])
        let plan = try FilterChain(["gaussian-blur:2", "median:1", "erode:2"]).plan(
            for: image.layout)
        var scratch = FilterScratch()
        func run() throws -> [UInt8] {
            var frame = image.bytes + Array(repeating: 0, count: plan.byteCount)
            var bytes = frame.mutableSpan
            var memory = unsafe bytes.mutableBytes
            _ = try plan.run(in: &memory, scratch: &scratch, checkpoint: .none)
            return Array(frame[plan.resultOffset...].prefix(plan.result.byteCount))
        }
        let first = try run()
        #expect(try run() == first)
    }
}
