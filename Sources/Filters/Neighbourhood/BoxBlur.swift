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

/// Keeps the sum of each window and moves all of them down by a row.
///
/// What they change by are sums along the difference of two rows, which at 8 bits are numbers of 16:
/// vectors hold many of them, and the time does not depend on the radius.
private struct BoxBlurOperation: SampleRowOperation {
    let source: PixelLayout
    private let radius: Int
    private let format: WorkingFormat

    /// The greatest number that is summed.
    private let white: Int

    /// Sums that would need more than 31 bits lose so many, which are far below a level.
    private let shift: Int

    init(source: PixelLayout, radius: Int, isLinear: Bool) {
        self.source = source
        self.radius = radius
        format = WorkingFormat(of: source.format, isLinear: isLinear)
        white = format.isPlain && source.format.bitsPerSample == 8 ? 255 : 65535
        let window = 2 * radius + 1
        let bits = Int.bitWidth - (white * window * window).leadingZeroBitCount
        shift = max(bits - 31, 0)
    }

    var result: PixelLayout { source }

    private var window: Int { 2 * radius + 1 }

    var scratchByteCount: Int {
        let count = source.samplesPerRow
        let channelCount = source.format.channelCount
        return
            (white == 255
            ? WindowSums<Int16, Int32>.scratchByteCount(
                count: count, channelCount: channelCount, radius: radius)
            : WindowSums<Int32, Int32>.scratchByteCount(
                count: count, channelCount: channelCount, radius: radius))
            + ScratchMemory.byteCount(count, of: Int.self)
            + ScratchMemory.byteCount(count, of: Int32.self)
            + (format.isPlain
                ? 0
                : 2 * ScratchMemory.byteCount(count, of: UInt16.self)
                    + ScratchMemory.byteCount(count, of: Float.self))
    }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: radius + 1, below: radius)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        if !format.isPlain {
            if shift > 0 {
                try run(
                    rows, source, result, Int32.self, Int32.self, Int.self, &scratch, checkpoint)
            } else {
                try run(
                    rows, source, result, Int32.self, Int32.self, Int32.self, &scratch, checkpoint)
            }
        } else if shift > 0 {
            try run(
                rows, source, result, Sample.Change.self, Int32.self, Int.self, &scratch,
                checkpoint)
        } else if white * window <= Sample.Change.max {
            try run(
                rows, source, result, Sample.Change.self, Sample.Change.self, Int32.self, &scratch,
                checkpoint)
        } else {
            try run(
                rows, source, result, Sample.Change.self, Int32.self, Int32.self, &scratch,
                checkpoint)
        }
    }

    /// Makes rows with sixteen differences of samples summed as `Part`, what the sums of windows
    /// change by from row to row as `Change`, and these sums as `Total`.
    private func run<
        Sample: PixelSample, Part: FixedWidthInteger & SIMDScalar & BitwiseCopyable,
        Change: FixedWidthInteger & SIMDScalar & BitwiseCopyable,
        Total: FixedWidthInteger & BitwiseCopyable
    >(
        _ rows: Range<Int>, _ source: Rows<Sample>, _ result: Rows<Sample>,
        _ part: Part.Type, _ change: Change.Type, _ total: Total.Type,
        _ scratch: inout ScratchMemory, _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let count = source.elementsPerRow
        let totals: Row<Total> = scratch.take(count)
        let columns: Row<Int32> = scratch.take(count)
        let workingCount = format.isPlain ? 0 : count
        let entering: Row<UInt16> = scratch.take(workingCount)
        let leaving: Row<UInt16> = scratch.take(workingCount)
        let means: Row<Float> = scratch.take(workingCount)
        let changes = WindowSums<Part, Change>(
            count: count, channelCount: self.source.format.channelCount, radius: radius,
            scratch: &scratch)
        let scale = Double(Sample.max) / Double(white) * Double(1 << shift)
        let factor = Float(scale / Double(window * window))
        @inline(__always)
        func mean(_ x: Int) -> Float {
            let total = totals[x] &+ Total(truncatingIfNeeded: changes.sums[x])
            totals[x] = total
            // Where there is nothing to lose, the compiler should not shift by nothing.
            let sum = Total.bitWidth == 32 ? total : total &>> Total(truncatingIfNeeded: shift)
            return Float(Int32(truncatingIfNeeded: sum)) * factor
        }
        if rows.lowerBound == 0 { sumFirst(source, entering, columns, to: totals) }
        for y in rows {
            try checkpoint.check(atRow: y)
            let (new, old) = (source.nearest(y + radius), source.nearest(y - radius - 1))
            let target = result[y]
            if format.isPlain {
                subtract(old, from: new, to: changes.samples)
                changes.update()
                // No mean is outside the range, so nothing is to be clamped.
                for x in 0..<count {
                    target[x] = Sample(truncatingIfNeeded: Int32(nearestTo: mean(x)))
                }
            } else {
                format.prepareWhole(new, into: entering)
                format.prepareWhole(old, into: leaving)
                subtract(leaving, from: entering, to: changes.samples)
                changes.update()
                for x in 0..<count { means[x] = mean(x) }
                format.finish(means, into: target)
            }
        }
    }

    private func subtract<Sample: PixelSample, Change: FixedWidthInteger & BitwiseCopyable>(
        _ old: Row<Sample>, from new: Row<Sample>, to changes: Row<Change>
    ) {
        for x in 0..<changes.count {
            changes[x] = Change(truncatingIfNeeded: new[x]) &- Change(truncatingIfNeeded: old[x])
        }
    }

    /// Sums the windows around the row before the first.
    private func sumFirst<Sample: PixelSample, Total: FixedWidthInteger & BitwiseCopyable>(
        _ source: Rows<Sample>, _ prepared: Row<UInt16>, _ columns: Row<Int32>,
        to totals: Row<Total>
    ) {
        columns.fill(with: 0)
        for y in 0..<radius {
            // The first row also stands for those above.
            let weight = y == 0 ? Int32(radius) + 2 : 1
            if format.isPlain {
                columns.add(source.nearest(y), times: weight)
            } else {
                format.prepareWhole(source.nearest(y), into: prepared)
                columns.add(prepared, times: weight)
            }
        }
        let channelCount = self.source.format.channelCount
        for channel in 0..<channelCount {
            func column(_ pixel: Int) -> Total {
                let inside = min(max(pixel, 0), self.source.width - 1)
                return Total(truncatingIfNeeded: columns[inside * channelCount + channel])
            }
            var total: Total = 0
            for pixel in -radius...radius { total &+= column(pixel) }
            for pixel in 0..<self.source.width {
                totals[pixel * channelCount + channel] = total
                total &+= column(pixel + radius + 1) &- column(pixel - radius)
            }
        }
    }
}

extension Row<Int32> {
    fileprivate func add<Sample: PixelSample>(_ samples: Row<Sample>, times weight: Int32) {
        for x in 0..<count { self[x] = self[x] &+ Int32(truncatingIfNeeded: samples[x]) &* weight }
    }
}
