internal import Images
internal import Profiling

/// A kernel of odd sides, by rows: what each sample around a pixel counts.
struct Kernel: Sendable {
    let width: Int
    let height: Int
    let weights: [Double]

    /// Reads `1 2 1 / 2 4 2 / 1 2 1`, or gives nil where it is no odd rectangle of numbers.
    init?(_ text: String) {
        let rows = text.split(separator: "/", omittingEmptySubsequences: false).map { row in
            row.split(separator: " ").map { FilterParameter.number(String($0)) }
        }
        guard let width = rows.first?.count, width % 2 == 1, rows.count % 2 == 1,
            width <= 99, rows.count <= 99, rows.allSatisfy({ $0.count == width })
        else { return nil }
        let weights = rows.joined().compactMap { $0 }
        guard weights.count == width * rows.count else { return nil }
        self.init(width: width, height: rows.count, weights: weights)
    }

    init(width: Int, height: Int, weights: [Double]) {
        self.width = width
        self.height = height
        self.weights = weights
    }
}

/// Correlation with a kernel, divided and moved by a bias, as sums of doubles.
struct KernelOperation: SampleRowOperation {
    let source: PixelLayout
    let kernel: Kernel
    let divisor: Double

    /// On the scale from 0 to 1.
    let bias: Double
    private let format: WorkingFormat

    init(
        source: PixelLayout, kernel: Kernel, divisor: Double, bias: Double, isLinear: Bool
    ) {
        self.source = source
        self.kernel = kernel
        self.divisor = divisor
        self.bias = bias
        format = WorkingFormat(of: source.format, isLinear: isLinear)
    }

    var result: PixelLayout { source }

    private var margin: Int { kernel.width / 2 * source.format.channelCount }

    var scratchByteCount: Int {
        ScratchMemory.byteCount(
            kernel.height * (source.samplesPerRow + 2 * margin), of: Float.self)
            + 2 * ScratchMemory.byteCount(source.samplesPerRow, of: Float.self)
    }

    var mayReplaceSource: Bool { true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: -(kernel.height / 2), below: kernel.height / 2)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let count = source.elementsPerRow
        let channelCount = self.source.format.channelCount
        let ring: Rows<Float> = scratch.takeRows(kernel.height, elementsPerRow: count + 2 * margin)
        let sum: Row<Float> = scratch.take(count)
        let radius = kernel.height / 2
        // The bias is added to what is premultiplied, so that alpha must bring it along.
        let offset = Float(bias * Sample.white)
        var prepared = sourceRows(for: rows).lowerBound
        for y in rows {
            try checkpoint.check(atRow: y)
            while prepared < min(y + radius + 1, source.count) {
                let row = ring[prepared % kernel.height]
                format.prepare(source[prepared], into: row[margin..<margin + count])
                row.extendEdges(margin: margin, channelCount: channelCount)
                prepared += 1
            }
            sum.fill(with: offset)
            for index in kernel.weights.indices where kernel.weights[index] != 0 {
                let row = min(max(y + index / kernel.width - radius, 0), source.count - 1)
                let start = index % kernel.width * channelCount
                let samples = ring[row % kernel.height][start..<start + count]
                let weight = Float(kernel.weights[index] / divisor)
                for x in 0..<count { sum[x] += samples[x] * weight }
            }
            format.finish(sum, into: result[y])
        }
    }
}
