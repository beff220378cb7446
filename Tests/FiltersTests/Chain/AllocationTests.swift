import CAllocationCounter
import Filters
import Images
import Profiling
import TestSupport
import Testing

@Suite("Allocations")
struct AllocationTests {
    @Test("are counted, those that are freed at once too")
    func counter() {
        let before = allocation_count()
        for count in 100...101 { _ = [UInt8](repeating: UInt8(count), count: count) }
        #expect(allocation_count() >= before + 2)
    }

    @Test(
        "are none when a chain runs on its second image of a size",
        arguments: FilterTable.all.map { [$0.example] } + [
            ["grayscale", "gaussian-blur:1", "unsharp:1", "levels:black=0.1"],
            ["resize:50%", "unsharp:1", "sepia", "median:1", "threshold:otsu"],
            ["rotate:7", "equalize", "gaussian-blur:12", "median:4"],
        ], [PixelFormat.rgb8, .rgba16])
    func none(chain: [String], format: PixelFormat) throws {
        let size = try #require(ImageSize(width: 750, height: 560))
        let layout = try #require(PixelLayout(size: size, format: format))
        // The filters that take long are no others on small images.
        let isSlow = ["nl-means", "bilateral", "median:4"].contains {
            chain.last?.hasPrefix($0) == true
        }
        let small = try #require(
            ImageSize(width: 90, height: 80).flatMap { PixelLayout(size: $0, format: format) })
        let plan = try FilterChain(chain, linear: format == .rgba16).plan(
            for: isSlow ? small : layout)
        var frame = [UInt8](repeating: 9, count: plan.byteCount)
        var scratch = FilterScratch()
        var bytes = frame.mutableSpan
        var memory = unsafe bytes.mutableBytes
        _ = try plan.run(in: &memory, scratch: &scratch, checkpoint: .none)
        let before = allocation_count()
        _ = try plan.run(in: &memory, scratch: &scratch, checkpoint: .none)
        #expect(allocation_count() == before)
    }
}
