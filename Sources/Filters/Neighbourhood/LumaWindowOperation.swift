internal import Images
internal import Profiling

/// Makes gray from the luma of each pixel and of its eight neighbours; alpha stays.
struct LumaWindowOperation: SampleRowOperation {
    /// Computes a row from the row above, its own and the one below, which have one more pixel at
    /// either end.
    typealias Window =
        @Sendable (
            _ above: Row<Float>, _ middle: Row<Float>, _ below: Row<Float>, _ target: Row<Float>
        ) -> Void

    let source: PixelLayout
    let result: PixelLayout
    private let window: Window

    init(
        on source: PixelLayout, in context: FilterContext, for filter: String,
        window: @escaping Window
    ) throws(FilterError) {
        self.source = source
        self.window = window
        result = try context.layout(
            width: source.width, height: source.height, format: source.format.withoutColor,
            for: filter)
    }

    var scratchByteCount: Int {
        ScratchMemory.byteCount(3 * (source.width + 2), of: Float.self)
            + ScratchMemory.byteCount(source.width, of: Float.self)
    }

    var mayReplaceSource: Bool { true }

    /// Alpha is read with the row that is written.
    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: 0, below: 1)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let ring: Rows<Float> = scratch.takeRows(3, elementsPerRow: self.source.width + 2)
        let target: Row<Float> = scratch.take(self.source.width)
        if rows.lowerBound == 0 { prepare(source[0], into: ring[0]) }
        for y in rows {
            try checkpoint.check(atRow: y)
            if y + 1 < source.count { prepare(source[y + 1], into: ring[(y + 1) % 3]) }
            source.prefetch(after: y + 1)
            window(
                ring[max(y - 1, 0) % 3], ring[y % 3], ring[min(y + 1, source.count - 1) % 3],
                target)
            finish(target, source[y], into: result[y])
        }
    }

    /// Luma is not rounded, since that would show in the differences.
    private func prepare<Sample: PixelSample>(_ samples: Row<Sample>, into luma: Row<Float>) {
        let channelCount = source.format.channelCount
        let inner = luma[1..<source.width + 1]
        if channelCount == 3 {
            prepare(samples, into: inner, pixel: 3)
        } else if channelCount == 4 {
            prepare(samples, into: inner, pixel: 4)
        } else {
            for x in 0..<inner.count {
                inner[x] = Float(Int32(truncatingIfNeeded: samples[x &* channelCount]))
            }
        }
        luma[0] = luma[1]
        luma[source.width + 1] = luma[source.width]
    }

    @inline(__always)
    private func prepare<Sample: PixelSample>(
        _ samples: Row<Sample>, into luma: Row<Float>, pixel: Int
    ) {
        for x in 0..<luma.count {
            let red = Float(Int32(truncatingIfNeeded: samples[pixel &* x]))
            let green = Float(Int32(truncatingIfNeeded: samples[pixel &* x &+ 1]))
            let blue = Float(Int32(truncatingIfNeeded: samples[pixel &* x &+ 2]))
            luma[x] = red * 0.2126 + green * 0.7152 + blue * 0.0722
        }
    }

    private func finish<Sample: PixelSample>(
        _ values: Row<Float>, _ samples: Row<Sample>, into target: Row<Sample>
    ) {
        guard source.format.hasAlpha else {
            for x in 0..<values.count { target[x] = values[x].rounded(to: Sample.self) }
            return
        }
        let channelCount = source.format.channelCount
        for x in 0..<values.count {
            target[2 &* x] = values[x].rounded(to: Sample.self)
            target[2 &* x &+ 1] = samples[x &* channelCount &+ channelCount &- 1]
        }
    }
}
