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

    /// The prepared rows that are kept: all that the kernel reaches, or one where these have no room.
    private var ringCount: Int

    init(
        source: PixelLayout, kernel: Kernel, divisor: Double, bias: Double, isLinear: Bool
    ) {
        self.source = source
        self.kernel = kernel
        self.divisor = divisor
        self.bias = bias
        format = WorkingFormat(of: source.format, isLinear: isLinear)
        ringCount = min(kernel.height, source.height)
        if scratchByteCount > ScratchMemory.room(for: source) { ringCount = 1 }
    }

    var result: PixelLayout { source }

    private var margin: Int { kernel.width / 2 * source.format.channelCount }

    var scratchByteCount: Int {
        ScratchMemory.byteCount(
            ringCount * (source.samplesPerRow + 2 * margin), of: Float.self)
            + 2 * ScratchMemory.byteCount(source.samplesPerRow, of: Float.self)
    }

    /// Whether a row is prepared once.
    private var keepsRows: Bool { ringCount == min(kernel.height, source.height) }

    var mayReplaceSource: Bool { keepsRows }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        let radius = kernel.height / 2
        return window(around: rows, above: keepsRows ? -radius : radius, below: radius)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let count = source.elementsPerRow
        let channelCount = self.source.format.channelCount
        let ring: Rows<Float> = scratch.takeRows(ringCount, elementsPerRow: count + 2 * margin)
        let sum: Row<Float> = scratch.take(count)
        let radius = kernel.height / 2
        // The bias is added to what is premultiplied, so that alpha must bring it along.
        let offset = Float(bias * Sample.white)
        func prepare(_ y: Int) {
            let row = ring[y % ringCount]
            format.prepare(source[y], into: row[margin..<margin + count])
            row.extendEdges(margin: margin, channelCount: channelCount)
        }
        var prepared = sourceRows(for: rows).lowerBound
        for y in rows {
            try checkpoint.check(atRow: y)
            while keepsRows && prepared < min(y + radius + 1, source.count) {
                prepare(prepared)
                prepared += 1
            }
            sum.fill(with: offset)
            for index in 0..<kernel.height {
                let row = min(max(y + index - radius, 0), source.count - 1)
                if !keepsRows { prepare(row) }
                for column in 0..<kernel.width {
                    let weight = kernel.weights[index * kernel.width + column]
                    guard weight != 0 else { continue }
                    let start = column * channelCount
                    let samples = ring[row % ringCount][start..<start + count]
                    let factor = Float(weight / divisor)
                    for x in 0..<count { sum[x] += samples[x] * factor }
                }
            }
            format.finish(sum, into: result[y])
        }
    }
}
