internal import Images
internal import Profiling

/// A convolution of working samples with the same odd, symmetric kernel along rows and columns, which
/// leaves the result where the samples were.
///
/// All rows are summed along themselves first. Then the columns of one strip after the other are
/// summed, of which as many rows are kept as the kernel reaches.
struct ConvolutionInPlace<Working: WorkingSample>: Sendable {
    private let layout: PixelLayout
    private let radius: Int
    private let sums: SymmetricSums<Working>

    /// The samples of a strip, whole cache lines.
    private var stripCount: Int

    private static var line: Int { 2 * Working.Vector.scalarCount }
    private static var bandCount: Int { 16 }

    /// - Parameters:
    ///   - layout: The size and the channels.
    ///   - weights: None of them is below zero.
    ///   - room: The bytes of scratch memory that there are.
    init(of layout: PixelLayout, with weights: [Double], room: Int) {
        let kernel = SpacedKernel(weights)
        self.layout = layout
        radius = kernel.radius
        sums = SymmetricSums(kernel)
        stripCount = 8 * Self.line
        while stripCount > Self.line && scratchByteCount > room { stripCount /= 2 }
    }

    /// The bytes of scratch memory that a run takes.
    var scratchByteCount: Int {
        [paddedCount, rowCount, ringCount * ringPitch, Self.bandCount * stripCount]
            .reduce(0) { $0 + ScratchMemory.byteCount($1, of: Working.self) }
            + ScratchMemory.byteCount(aroundCount, of: Row<Working>.self)
    }

    /// The samples of a row, filled up to whole groups of vectors.
    private var rowCount: Int { layout.samplesPerRow.roundedUp(to: SymmetricSums<Working>.group) }

    /// The samples before a row that are summed.
    private var margin: Int { radius * layout.format.channelCount }

    private var paddedCount: Int { rowCount + 2 * margin + Self.line }
    private var aroundCount: Int { 2 * radius + Self.bandCount }
    private var ringCount: Int { min(aroundCount, layout.height) }

    /// An odd number of cache lines.
    private var ringPitch: Int { (stripCount / Self.line | 1) * Self.line }

    /// Convolves an image.
    ///
    /// - Parameters:
    ///   - image: As many rows and samples as the layout has.
    ///   - scratch: At least ``scratchByteCount`` bytes.
    ///   - checkpoint: Asked at least every 16 rows.
    /// - Throws: Why it was stopped.
    func run(
        _ image: Rows<Working>, scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        try sumAlong(image, scratch.take(paddedCount), scratch.take(rowCount), checkpoint)
        let ring: Rows<Working> = scratch.takeRows(ringCount, elementsPerRow: ringPitch)
        let band: Rows<Working> = scratch.takeRows(Self.bandCount, elementsPerRow: stripCount)
        let around: Row<Row<Working>> = scratch.take(aroundCount)
        for left in stride(from: 0, to: layout.samplesPerRow, by: stripCount) {
            let samples = left..<min(left + stripCount, layout.samplesPerRow)
            var loaded = 0
            for top in stride(from: 0, to: layout.height, by: Self.bandCount) {
                try checkpoint.check()
                let bottom = min(top + Self.bandCount, layout.height)
                let end = min(bottom + radius, layout.height)
                for y in loaded..<end { ring[y % ringCount].copy(image[y][samples]) }
                loaded = end
                for index in 0..<aroundCount {
                    around[index] = ring[min(max(top - radius + index, 0), end - 1) % ringCount]
                }
                sums.writeAcross(
                    around, columnCount: samples.count.roundedUp(to: Self.line), to: band,
                    count: bottom - top)
                for y in top..<bottom { image[y][samples].copy(band[y - top][0..<samples.count]) }
            }
        }
    }

    private func sumAlong(
        _ image: Rows<Working>, _ padded: Row<Working>, _ summed: Row<Working>,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let channelCount = layout.format.channelCount
        for y in 0..<layout.height {
            try checkpoint.check(atRow: y)
            padded.from(margin).copy(image[y])
            padded[0..<layout.samplesPerRow + 2 * margin]
                .extendEdges(margin: margin, channelCount: channelCount)
            sums.writeAlong(padded, channelCount: channelCount, to: summed)
            image[y].copy(summed[0..<layout.samplesPerRow])
        }
    }
}
