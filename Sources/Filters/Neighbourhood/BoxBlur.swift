internal import Images
internal import Profiling

/// Replaces each sample by the mean of a square window.
struct BoxBlur: Filter {
    static let definition = FilterDefinition(
        "box-blur", "the mean of a square window of 2·radius + 1 pixels",
        value: FilterParameter("radius", "in pixels", .integer(0...1000)), example: "box-blur:10"
    ) { arguments throws(FilterError) in BoxBlur(radius: arguments.integer("radius")) }

    let name = "box-blur"
    let radius: Int

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        radius == 0
            ? nil : BoxBlurOperation(source: source, radius: radius, isLinear: context.isLinear)
    }
}

/// Keeps the sums of the window's columns, and moves the window along a row of them: the time does
/// not depend on the radius.
private struct BoxBlurOperation: SampleOperation {
    let source: PixelLayout
    private let radius: Int
    private let format: WorkingFormat

    init(source: PixelLayout, radius: Int, isLinear: Bool) {
        self.source = source
        self.radius = radius
        format = WorkingFormat(of: source.format, isLinear: isLinear)
    }

    var result: PixelLayout { source }

    private var window: Int { 2 * radius + 1 }

    var scratchByteCount: Int {
        ScratchMemory.byteCount(source.samplesPerRow, of: UInt32.self)
            + 2 * ScratchMemory.byteCount(source.samplesPerRow, of: UInt16.self)
            + ScratchMemory.byteCount(
                source.samplesPerRow + 2 * (radius + 1) * source.format.channelCount,
                of: UInt32.self)
            + ScratchMemory.byteCount(source.samplesPerRow, of: Int32.self)
            + ScratchMemory.byteCount(source.samplesPerRow, of: Float.self)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let count = source.elementsPerRow
        let margin = (radius + 1) * self.source.format.channelCount
        let columns: Row<UInt32> = scratch.take(count)
        let entering: Row<UInt16> = scratch.take(count)
        let leaving: Row<UInt16> = scratch.take(count)
        let padded: Row<UInt32> = scratch.take(count + 2 * margin)
        let sums: Row<Int32> = scratch.take(count)
        let means: Row<Float> = scratch.take(count)
        // Sums that would need more than 31 bits lose the lowest, which are far below a level.
        let white = format.isPlain ? Int(Sample.max) : 65535
        let bits = Int.bitWidth - (white * window * window).leadingZeroBitCount
        let shift = max(bits - 31, 0)
        let scale = Double(Sample.max) / Double(white) * Double(1 << shift)
        let factor = Float(scale / Double(window * window))
        columns.fill(with: 0)
        for y in -radius..<radius {
            let row = prepared(source.nearest(y), entering)
            for x in 0..<count { columns[x] &+= UInt32(row[x]) }
        }
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            let new = prepared(source.nearest(y + radius), entering)
            if y > 0 {
                let old = prepared(source.nearest(y - radius - 1), leaving)
                for x in 0..<count {
                    columns[x] = columns[x] &+ UInt32(new[x]) &- UInt32(old[x])
                }
            } else {
                for x in 0..<count { columns[x] &+= UInt32(new[x]) }
            }
            padded[margin..<margin + count].copy(columns)
            padded.extendEdges(margin: margin, channelCount: self.source.format.channelCount)
            switch self.source.format.channelCount {
            case 1: sumWindows(padded, channelCount: 1, shift: shift, to: sums)
            case 2: sumWindows(padded, channelCount: 2, shift: shift, to: sums)
            case 3: sumWindows(padded, channelCount: 3, shift: shift, to: sums)
            default: sumWindows(padded, channelCount: 4, shift: shift, to: sums)
            }
            for x in 0..<count { means[x] = Float(sums[x]) * factor }
            format.finish(means, into: result[y])
        }
    }

    /// The samples as whole numbers: premultiplied and linear ones on a scale of 16 bits.
    @inline(__always)
    private func prepared<Sample: PixelSample>(
        _ samples: Row<Sample>, _ prepared: Row<UInt16>
    ) -> Row<UInt16> {
        if format.isPlain {
            for x in 0..<samples.count { prepared[x] = UInt16(truncatingIfNeeded: samples[x]) }
        } else {
            format.prepareWhole(samples, into: prepared)
        }
        return prepared
    }

    /// Moves a window along the sums of columns, channel by channel.
    @inline(__always)
    private func sumWindows(
        _ padded: Row<UInt32>, channelCount: Int, shift: Int, to sums: Row<Int32>
    ) {
        for channel in 0..<channelCount {
            let columns = padded.from(channel)
            let means = sums.from(channel)
            if shift == 0 {
                sumWindow(columns, pixel: channelCount, Int32.self, shift: 0, to: means)
            } else {
                sumWindow(columns, pixel: channelCount, Int.self, shift: shift, to: means)
            }
        }
    }

    @inline(__always)
    private func sumWindow<Total: FixedWidthInteger>(
        _ columns: Row<UInt32>, pixel: Int, _ total: Total.Type, shift: Int, to sums: Row<Int32>
    ) {
        var total: Total = 0
        for column in 0..<window { total &+= Total(truncatingIfNeeded: columns[column &* pixel]) }
        let width = window &* pixel
        for index in stride(from: 0, to: sums.count, by: pixel) {
            let entering = Total(truncatingIfNeeded: columns[index &+ width])
            let leaving = Total(truncatingIfNeeded: columns[index])
            total &+= entering &- leaving
            sums[index] = Int32(truncatingIfNeeded: total &>> Total(truncatingIfNeeded: shift))
        }
    }
}
