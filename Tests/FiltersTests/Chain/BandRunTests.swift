import Images
import Profiling
import TestSupport
import Testing

@testable import Filters

@Suite("A run of bands")
struct BandRunTests {
    /// An example for each filter, for a small image.
    static let examples = FilterTable.all.map { definition in
        switch definition.name {
        case "crop": "crop:40x50+10+9"
        case "pad": "pad:80x130,gravity=south,color=#202020"
        case "nl-means": "nl-means:strength=8,patch=1,search=2"
        default: definition.example
        }
    }

    /// The chains in which a filter's bands begin and end elsewhere than its neighbours'.
    static func chains(around example: String) -> [[String]] {
        [
            [example], ["gaussian-blur:1.4", example], [example, "median:1"],
            ["convolve:1 1 1 1 1", example, "brightness:1.1"], ["invert", example, "erode:3"],
            ["unsharp:1", "dilate:1", example, "sobel", "box-blur:2"],
            ["resize:70x80,fit=fill,kernel=triangle,upscale=yes", "median:2", example, "invert"],
        ]
    }

    @Test(
        "gives the bytes that filter after filter gives",
        arguments: examples, [PixelFormat.gray8, .rgb8, .rgba16])
    func sameBytes(example: String, format: PixelFormat) throws {
        let size = try #require(ImageSize(width: 61, height: 118))
        for chain in Self.chains(around: example) {
            var expected = TestImage.noise(format, size)
            let inBands = try run(chain, on: expected)
            for filter in chain { expected = try run([filter], on: expected) }
            #expect(inBands == expected, "\(chain)")
        }
    }

    @Test(
        "needs no second image where the result can take the place of the source",
        arguments: [
            ["gaussian-blur:2"], ["unsharp:1"], ["sobel"], ["resize:50%"], ["erode:5"],
            ["grayscale", "gaussian-blur:1", "unsharp:1", "levels:black=0.1"],
            ["box-blur:3", "box-blur:4"], ["median:1", "median:1"], ["crop:900x900+100+100"],
        ])
    func replacesSource(chain: [String]) throws {
        let size = try #require(ImageSize(width: 1000, height: 1000))
        let layout = try #require(PixelLayout(size: size, format: .rgb8))
        let plan = try FilterChain(chain).plan(for: layout)
        #expect(plan.byteCount == layout.byteCount && plan.resultOffset == 0)
        #expect(plan.scratchByteCount < layout.byteCount / 2)
    }

    @Test(
        "leaves the source where it is still read",
        arguments: [
            ["median:1"], ["box-blur:9"], ["box-blur:9", "median:1"],
            ["resize:200%,upscale=yes"], ["sepia"], ["pad:1000x1010", "median:1"],
        ])
    func leavesSource(chain: [String]) throws {
        let size = try #require(ImageSize(width: 1000, height: 1000))
        let layout = try #require(PixelLayout(size: size, format: .gray8))
        #expect(try FilterChain(chain).plan(for: layout).resultOffset > 0)
    }

    @Test("tells of each filter in order, with ends that follow each other")
    func times() throws {
        let image = TestImage.noise(.rgb8, try #require(ImageSize(width: 300, height: 400)))
        let plan = try FilterChain(["gaussian-blur:1", "median:2", "equalize", "invert", "sobel"])
            .plan(for: image.layout)
        var frame = image.bytes + Array(repeating: 0, count: plan.byteCount - image.bytes.count)
        var scratch = FilterScratch()
        var samples = frame.mutableSpan
        var memory = unsafe samples.mutableBytes
        var names: [String?] = []
        var ends: [MonotonicInstant] = [.now]
        _ = try plan.run(in: &memory, scratch: &scratch, checkpoint: .none) {
            names.append(plan.name(ofFilterAt: $0))
            ends.append($1)
        }
        ends.append(.now)
        #expect(names == ["gaussian-blur", "median", "equalize", "invert", "sobel"])
        #expect(zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// Runs a chain in bands as low as they can be.
    private func run(_ chain: [String], on image: TestImage) throws -> TestImage {
        let context = FilterContext(
            isLinear: false, bandByteCount: 1, pixelLimit: FilterChain.standardPixelLimit)
        let plan = try FilterPlan(
            chain.map { (filter) throws(FilterError) in try FilterTable.filter(filter) },
            for: image.layout, in: context)
        var frame = image.bytes + Array(repeating: 0xA5, count: plan.byteCount - image.bytes.count)
        var scratch = FilterScratch()
        var samples = frame.mutableSpan
        var memory = unsafe samples.mutableBytes
        let layout = try plan.run(in: &memory, scratch: &scratch, checkpoint: .none)
        return TestImage(layout, bytes: frame.dropFirst(plan.resultOffset))
    }
}
