internal import Images
internal import Profiling

/// Replaces each sample by the least or the greatest of a square window.
private struct WindowExtreme: Filter {
    let name: String
    let radius: Int
    let isGreatest: Bool

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        radius == 0
            ? nil
            : WindowExtremeOperation(source: source, radius: radius, isGreatest: isGreatest)
    }
}

enum Erode {
    static let definition = FilterDefinition(
        "erode", "the minimum of a square window of 2·radius + 1 pixels, channel by channel",
        value: FilterParameter("radius", "in pixels", .integer(0...1000)), example: "erode:3"
    ) { arguments throws(FilterError) in
        WindowExtreme(
            name: "erode", radius: arguments.integer("radius"), isGreatest: false)
    }
}

enum Dilate {
    static let definition = FilterDefinition(
        "dilate", "the maximum of a square window of 2·radius + 1 pixels, channel by channel",
        value: FilterParameter("radius", "in pixels", .integer(0...1000)), example: "dilate:3"
    ) { arguments throws(FilterError) in
        WindowExtreme(
            name: "dilate", radius: arguments.integer("radius"), isGreatest: true)
    }
}

/// Which of two samples is wanted.
private protocol Extreme {
    static func of<Sample: PixelSample>(_ first: Sample, _ second: Sample) -> Sample
}

private enum Least: Extreme {
    @inline(__always)
    static func of<Sample: PixelSample>(_ first: Sample, _ second: Sample) -> Sample {
        min(first, second)
    }
}

private enum Greatest: Extreme {
    @inline(__always)
    static func of<Sample: PixelSample>(_ first: Sample, _ second: Sample) -> Sample {
        max(first, second)
    }
}

/// Finds the extremes of columns and then of rows.
///
/// Along columns it takes three comparisons a sample, whatever the radius (M. van Herk, "A fast algorithm
/// for local minimum and maximum filters", 1992): rows are taken in blocks as high as the window,
/// and each window is the end of one block and the beginning of the next. Along rows windows are
/// doubled until two of them cover the one that is wanted, because that is the same for all samples
/// of a row at once; the comparisons grow with the logarithm of the radius, from memory that is in
/// the first-level cache.
private struct WindowExtremeOperation: SampleRowOperation {
    let source: PixelLayout
    let radius: Int
    let isGreatest: Bool

    var result: PixelLayout { source }

    /// Windows beyond the image change nothing.
    private var verticalRadius: Int { min(radius, source.height - 1) }
    private var horizontalRadius: Int { min(radius, source.width - 1) }

    /// The rows of a block that are in the image.
    private var blockCount: Int { min(2 * verticalRadius + 1, source.height) }

    private var paddedCount: Int {
        source.samplesPerRow + 2 * horizontalRadius * source.format.channelCount
    }

    var scratchByteCount: Int {
        2 * ScratchMemory.byteCount(blockCount * source.samplesPerRow, samplesOf: source.format)
            + ScratchMemory.byteCount(source.samplesPerRow, samplesOf: source.format)
            + 2 * ScratchMemory.byteCount(paddedCount, samplesOf: source.format)
    }

    var blockHeight: Int { 2 * verticalRadius + 1 }
    var mayReplaceSource: Bool { true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: -verticalRadius - 1, below: verticalRadius + 1)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        if isGreatest {
            try run(Greatest.self, rows, source, result, &scratch, checkpoint)
        } else {
            try run(Least.self, rows, source, result, &scratch, checkpoint)
        }
    }

    private func run<Choice: Extreme, Sample: PixelSample>(
        _ choice: Choice.Type, _ rows: Range<Int>, _ source: Rows<Sample>,
        _ result: Rows<Sample>, _ scratch: inout ScratchMemory, _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let count = source.elementsPerRow
        var ends: Rows<Sample> = scratch.takeRows(blockCount, elementsPerRow: count)
        var next: Rows<Sample> = scratch.takeRows(blockCount, elementsPerRow: count)
        let beginning: Row<Sample> = scratch.take(count)
        let padded = (
            scratch.take(paddedCount, of: Sample.self), scratch.take(paddedCount, of: Sample.self)
        )
        let window = 2 * verticalRadius + 1
        // Block k holds the rows from k·window − radius on; the next one was begun with the last.
        var block = held(from: rows.lowerBound - verticalRadius)
        if rows.lowerBound == 0 {
            for y in block { horizontal(choice, source[y], padded, to: next[y]) }
        } else if rows.lowerBound / window % 2 == 1 {
            swap(&ends, &next)
        }
        for top in stride(from: rows.lowerBound, to: rows.upperBound, by: window) {
            swap(&ends, &next)
            let ending = block
            for index in stride(from: ending.count - 2, through: 0, by: -1) {
                ends[index].choose(choice, ends[index], ends[index + 1])
            }
            let following = top + window - verticalRadius
            block = held(from: following)
            for y in top..<min(top + window, source.count) {
                try checkpoint.check(atRow: y)
                // The window of this row ends `y - top` rows into the next block.
                let last = y + verticalRadius
                if y > top && last < source.count {
                    let row = next[last - following]
                    horizontal(choice, source[last], padded, to: row)
                    source.prefetch(after: last)
                    if last == following {
                        beginning.copy(row)
                    } else {
                        beginning.choose(choice, beginning, row)
                    }
                }
                let end = ends[max(y - verticalRadius, 0) - ending.lowerBound]
                if y > top && following < source.count {
                    result[y].choose(choice, end, beginning)
                } else {
                    result[y].copy(end)
                }
            }
            // The last row of the next block comes when no window of this one reaches it.
            if !block.isEmpty && block.count == window {
                horizontal(choice, source[block.upperBound - 1], padded, to: next[window - 1])
            }
        }
    }

    /// The rows of the image that belong to a block.
    private func held(from start: Int) -> Range<Int> {
        let end = min(start + 2 * verticalRadius + 1, source.height)
        return max(start, 0)..<max(end, start, 0)
    }

    private func horizontal<Choice: Extreme, Sample: PixelSample>(
        _ choice: Choice.Type, _ samples: Row<Sample>, _ padded: (Row<Sample>, Row<Sample>),
        to result: Row<Sample>
    ) {
        let channelCount = source.format.channelCount
        let margin = horizontalRadius * channelCount
        let window = 2 * horizontalRadius + 1
        var (from, to) = padded
        from[margin..<margin + samples.count].copy(samples)
        from.extendEdges(margin: margin, channelCount: channelCount)
        var covered = 1
        while 2 * covered <= window {
            let shift = covered * channelCount
            let count = from.count - shift
            to[0..<count].choose(choice, from[0..<count], from.from(shift))
            from = from[0..<count]
            swap(&from, &to)
            from = from[0..<count]
            to = to[0..<count]
            covered *= 2
        }
        let rest = (window - covered) * channelCount
        result.choose(choice, from[0..<result.count], from[rest..<rest + result.count])
    }
}

extension Row where Element: PixelSample {
    /// Writes the wanted ones of two rows' samples.
    @inline(__always)
    fileprivate func choose<Choice: Extreme>(
        _ choice: Choice.Type, _ first: Row<Element>, _ second: Row<Element>
    ) {
        for index in 0..<count { self[index] = Choice.of(first[index], second[index]) }
    }
}
