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
private struct BoxBlurOperation: SampleRowOperation {
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
        2 * ScratchMemory.byteCount(source.samplesPerRow, of: UInt16.self)
            + ScratchMemory.byteCount(
                source.samplesPerRow + 2 * (radius + 1) * source.format.channelCount,
                of: UInt32.self)
            + ScratchMemory.byteCount(source.samplesPerRow, of: Int32.self)
            + ScratchMemory.byteCount(source.samplesPerRow, of: Float.self)
    }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: radius + 1, below: radius)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let count = source.elementsPerRow
        let margin = (radius + 1) * self.source.format.channelCount
        let entering: Row<UInt16> = scratch.take(count)
        let leaving: Row<UInt16> = scratch.take(count)
        let padded: Row<UInt32> = scratch.take(count + 2 * margin)
        let columns = padded[margin..<margin + count]
        let sums: Row<Int32> = scratch.take(count)
        let means: Row<Float> = scratch.take(count)
        // Sums that would need more than 31 bits lose the lowest, which are far below a level.
        let white = format.isPlain ? Int(Sample.max) : 65535
        let bits = Int.bitWidth - (white * window * window).leadingZeroBitCount
        let shift = max(bits - 31, 0)
        let scale = Double(Sample.max) / Double(white) * Double(1 << shift)
        let factor = Float(scale / Double(window * window))
        if rows.lowerBound == 0 { columns.fill(with: 0) }
        for y in rows.lowerBound == 0 ? -radius..<radius : 0..<0 {
            if format.isPlain {
                columns.add(source.nearest(y))
            } else {
                format.prepareWhole(source.nearest(y), into: entering)
                columns.add(entering)
            }
        }
        for y in rows {
            try checkpoint.check(atRow: y)
            let new = source.nearest(y + radius)
            let old = source.nearest(y - radius - 1)
            if format.isPlain {
                if y > 0 { columns.add(new, remove: old) } else { columns.add(new) }
            } else {
                format.prepareWhole(new, into: entering)
                format.prepareWhole(old, into: leaving)
                if y > 0 { columns.add(entering, remove: leaving) } else { columns.add(entering) }
            }
            padded.extendEdges(margin: margin, channelCount: self.source.format.channelCount)
            switch self.source.format.channelCount {
            case 1: sumWindows(padded, channelCount: 1, shift: shift, to: sums)
            case 2: sumWindows(padded, channelCount: 2, shift: shift, to: sums)
            case 3: sumWindows(padded, channelCount: 3, shift: shift, to: sums)
            default: sumWindows(padded, channelCount: 4, shift: shift, to: sums)
            }
            let target = result[y]
            if format.isPlain {
                for x in 0..<count {
                    target[x] = (Float(sums[x]) * factor).rounded(to: Sample.self)
                }
            } else {
                for x in 0..<count { means[x] = Float(sums[x]) * factor }
                format.finish(means, into: target)
            }
        }
    }

    /// Moves a window along the sums of columns, all channels side by side.
    @inline(__always)
    private func sumWindows(
        _ columns: Row<UInt32>, channelCount: Int, shift: Int, to sums: Row<Int32>
    ) {
        if shift == 0 {
            sumWindows(columns, channelCount, Int32.self, shift: 0, to: sums)
        } else {
            sumWindows(columns, channelCount, Int.self, shift: shift, to: sums)
        }
    }

    /// A total for each channel, which the compiler keeps in registers since they are told apart
    /// before it runs.
    @inline(__always)
    private func sumWindows<Total: FixedWidthInteger>(
        _ columns: Row<UInt32>, _ channelCount: Int, _ type: Total.Type, shift: Int,
        to sums: Row<Int32>
    ) {
        let width = window &* channelCount
        var totals: (Total, Total, Total, Total) = (0, 0, 0, 0)
        @inline(__always)
        func add(_ total: inout Total, _ index: Int) {
            total &+= Total(truncatingIfNeeded: columns[index])
        }
        @inline(__always)
        func move(_ total: inout Total, _ index: Int) {
            add(&total, index &+ width)
            total &-= Total(truncatingIfNeeded: columns[index])
            sums[index] = Int32(truncatingIfNeeded: total &>> Total(truncatingIfNeeded: shift))
        }
        var index = 0
        while index < width {
            add(&totals.0, index)
            if channelCount > 1 { add(&totals.1, index &+ 1) }
            if channelCount > 2 { add(&totals.2, index &+ 2) }
            if channelCount > 3 { add(&totals.3, index &+ 3) }
            index &+= channelCount
        }
        index = 0
        while index < sums.count {
            move(&totals.0, index)
            if channelCount > 1 { move(&totals.1, index &+ 1) }
            if channelCount > 2 { move(&totals.2, index &+ 2) }
            if channelCount > 3 { move(&totals.3, index &+ 3) }
            index &+= channelCount
        }
    }
}

extension Row<UInt32> {
    fileprivate func add<Sample: PixelSample>(_ samples: Row<Sample>) {
        for x in 0..<count { self[x] = self[x] &+ UInt32(truncatingIfNeeded: samples[x]) }
    }

    fileprivate func add<Sample: PixelSample>(_ new: Row<Sample>, remove old: Row<Sample>) {
        for x in 0..<count {
            let difference =
                UInt32(truncatingIfNeeded: new[x]) &- UInt32(truncatingIfNeeded: old[x])
            self[x] = self[x] &+ difference
        }
    }
}
