import Filters
import Images
import Profiling
import TestSupport
import Testing

@testable import Workers

extension PixelLayout {
    /// The layout of a small image.
    static func testing(
        width: Int, height: Int, format: PixelFormat = .rgb8
    ) throws -> PixelLayout {
        let size = try #require(ImageSize(width: width, height: height))
        return try #require(PixelLayout(size: size, format: format))
    }
}

extension FilterRequest {
    /// A request for an image of this layout, and nothing else of note.
    static func testing(_ source: PixelLayout, orientation: Orientation = .topLeft) -> FilterRequest
    {
        FilterRequest(
            source: source, orientation: orientation, originalSize: source.size,
            resultFormat: source.format, background: .white, pixelLimit: 1 << 20)
    }
}

/// A filtered image.
struct FilteredImage: Hashable {
    let layout: PixelLayout
    let pixels: [UInt8]
}

extension FilterExecutor where Self: ~Copyable {
    /// Does with an image of arbitrary pixels what a lane does.
    mutating func filter(
        _ request: FilterRequest, with chain: FilterChain,
        withinMilliseconds milliseconds: Int64 = 30_000
    ) throws -> FilteredImage {
        let images = try filter([request], with: chain, withinMilliseconds: milliseconds)
        return try #require(images.first)
    }

    /// The same with several images in one run.
    mutating func filter(
        _ requests: [FilterRequest], with chain: FilterChain,
        withinMilliseconds milliseconds: Int64 = 30_000
    ) throws -> [FilteredImage] {
        var group = FilterGroup()
        for request in requests { group.append(request, try request.plan(chain)) }
        try makeRoom(byteCount: group.byteCount)
        for member in group.members {
            let start = member.offset
            withMemory(start..<start + member.plan.source.byteCount) { memory in
                for offset in 0..<memory.byteCount {
                    let value = UInt8(truncatingIfNeeded: offset &* 31 &+ offset >> 7)
                    memory.storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
                }
            }
        }
        let deadline = MonotonicInstant.now.advanced(byNanoseconds: milliseconds * 1_000_000)
        let runs = try run(group, checkpoint: Checkpoint(deadline: deadline))
        try #require(runs.count == requests.count)
        return zip(group.members, runs).map { member, run in
            let start = member.offset + member.plan.resultOffset
            let pixels = withMemory(start..<start + run.result.byteCount) { $0.bytes.toArray() }
            return FilteredImage(layout: run.result, pixels: pixels)
        }
    }
}
