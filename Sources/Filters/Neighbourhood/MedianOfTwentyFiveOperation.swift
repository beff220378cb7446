internal import Images
internal import Profiling

/// Medians of 5 × 5 windows by comparisons that are the same for all samples and so become vector
/// code; ``MedianTile`` has them.
///
/// Rows are copied to a ring first. That takes a seventh of the time and gives it back: the many
/// streams of a tile, read straight from the image, are more than a processor foresees, and in each
/// other's way where rows are a multiple of 4096 bytes long. It also lets the windows at both ends
/// of a row be like all others.
struct MedianOfTwentyFiveOperation: SampleRowOperation {
    let source: PixelLayout

    var result: PixelLayout { source }

    /// A tile.
    var blockHeight: Int { 8 }

    /// The samples that a window reaches to the left, and to the right.
    private var margin: Int { 2 * source.format.channelCount }

    /// The samples of a copied row, with both margins and what the last vector reads beyond.
    private var copyCount: Int { source.samplesPerRow + 2 * margin + MedianTile<UInt8>.step }

    var scratchByteCount: Int {
        ScratchMemory.byteCount(12 * copyCount, of: UInt16.self)
            + ScratchMemory.byteCount(8 * MedianTile<UInt8>.step, of: UInt16.self)
            + ScratchMemory.byteCount(7 * source.samplesPerRow, of: UInt16.self)
    }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: 2, below: 2)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let copies = scratch.takeRows(12, elementsPerRow: copyCount, of: Sample.self)
        let remainders = scratch.takeRows(
            8, elementsPerRow: MedianTile<Sample>.step, of: Sample.self)
        // Of the last eight rows some may lie beyond the image: what is made of them goes here.
        let beyond = scratch.takeRows(7, elementsPerRow: source.elementsPerRow, of: Sample.self)
        func place(_ y: Int) -> Row<Sample> { copies[(y + 12) % 12] }
        func copy(_ y: Int) { extend(source.nearest(y), to: place(y)) }
        for y in rows.lowerBound - 2..<rows.lowerBound + 2 { copy(y) }
        for top in stride(from: rows.lowerBound, to: rows.upperBound, by: 8) {
            try checkpoint.check()
            for y in top + 2..<top + 10 { copy(y) }
            let tile = MedianTile(
                channelCount: self.source.format.channelCount,
                source: { place(top - 2 + $0) },
                result: { top + $0 < rows.upperBound ? result[top + $0] : beyond[$0 - 1] })
            tile.findMedians(remainders)
        }
    }

    /// Copies a row between two pixels like its first and two like its last.
    private func extend<Sample: PixelSample>(_ samples: Row<Sample>, to copy: Row<Sample>) {
        let channelCount = source.format.channelCount
        copy.from(margin).copy(samples)
        for index in 0..<margin {
            let channel = index % channelCount
            copy[index] = samples[channel]
            copy[margin + samples.count + index] = samples[samples.count - channelCount + channel]
        }
    }
}
