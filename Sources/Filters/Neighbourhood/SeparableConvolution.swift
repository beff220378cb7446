internal import Images
internal import Profiling

/// A convolution with the same odd kernel along columns and rows.
struct SeparableConvolution {
    let format: WorkingFormat
    let weights: [Double]
    let channelCount: Int

    var radius: Int { weights.count / 2 }

    /// The bytes of scratch memory for a source of a layout, at `size` bytes a working sample.
    static func scratchByteCount(for source: PixelLayout, radius: Int, size: Int) -> Int {
        let padded = source.samplesPerRow + 2 * radius * source.format.channelCount
        return (2 * radius + 3) * padded * size + 256
    }

    /// Calls `body` with each row of the result on the working scale, from the top.
    func run<Sample: PixelSample, Working: WorkingSample>(
        _ source: Rows<Sample>, as working: Working.Type, scratch: inout ScratchMemory,
        checkpoint: Checkpoint, body: (_ y: Int, _ result: Row<Working>) -> Void
    ) throws(Interruption) {
        let count = source.elementsPerRow
        let margin = radius * channelCount
        let ringCount = 2 * radius + 1
        let ring: Rows<Working> = scratch.takeRows(ringCount, elementsPerRow: count)
        let padded: Row<Working> = scratch.take(count + 2 * margin)
        let result: Row<Working> = scratch.take(count)
        let sum = WeightedSum<Working>(weights: weights)
        let last = source.count - 1
        var prepared = 0
        for y in 0...last {
            try checkpoint.check(atRow: y)
            while prepared <= min(y + radius, last) {
                try checkpoint.check(atRow: prepared)
                format.prepare(source[prepared], into: ring[prepared % ringCount])
                prepared += 1
            }
            sum.write(to: padded[margin..<margin + count]) { tap in
                ring[min(max(y + tap - radius, 0), last) % ringCount]
            }
            padded.extendEdges(margin: margin, channelCount: channelCount)
            sum.write(to: result) { tap in
                padded[tap * channelCount..<tap * channelCount + count]
            }
            body(y, result)
        }
    }
}

extension Row {
    /// Repeats the first and the last pixel over the margins on both sides of a row.
    func extendEdges(margin: Int, channelCount: Int) {
        let end = count - margin
        for index in 0..<margin {
            let channel = index % channelCount
            self[index] = self[margin + channel]
            self[end + index] = self[end - channelCount + channel]
        }
    }
}
