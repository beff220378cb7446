internal import Images
internal import Profiling

/// A convolution of samples of 16 bits with the same odd, symmetric kernel along rows and columns, in
/// whole numbers.
///
/// One instruction (`pmaddwd`) multiplies two samples by a weight each and adds the products, for
/// eight sums: half of what `Float` takes. So samples lie in pairs: along a row each one with the
/// next of its channel, across rows those of a row with an even number with those below. The weights
/// sum to 65536, so that the upper half of a sum is the result.
///
/// All of it needs less than half of the memory that rows of `Float` take.
struct PairedConvolution: Sendable {
    private let layout: PixelLayout
    private let radius: Int

    /// The weights of pairs along a row.
    private let along: PairedKernel

    /// The weights of pairs of rows, for rows with an even number and for those with an odd one.
    private let upper: PairedKernel
    private let lower: PairedKernel

    private typealias Sums = ProductSums

    private static var bandCount: Int { 16 }
    private static var lanes: Int { 8 }

    /// The columns that are summed together, in eight vectors.
    private static var group: Int { 8 * lanes }

    /// The columns of a strip: of a kernel's rows about 20 KB.
    private static var stripCount: Int { 4 * group }

    /// How many levels a result may be from that of the exact weights, for any samples.
    private static let allowedError = 15.5

    /// Makes the convolution, or nil where it would not be exact enough, or for another format.
    ///
    /// - Parameters:
    ///   - layout: What is read and written.
    ///   - weights: The kernel, which sums to 1; none of its weights is below zero.
    init?(of layout: PixelLayout, with weights: [Double]) {
        let radius = weights.count / 2
        // The first pair of rows that both results share begins at a row with an even number.
        let odd = radius & 1
        let pairCount = radius + 1 + odd
        guard layout.format.bitsPerSample == 16, !layout.format.hasAlpha,
            let along = PairedKernel(weights, after: 0, pairCount: radius + 1),
            let upper = PairedKernel(weights, after: odd, pairCount: pairCount),
            let lower = PairedKernel(weights, after: odd + 1, pairCount: pairCount),
            along.largestError + max(upper.largestError, lower.largestError) <= Self.allowedError
        else { return nil }
        self.layout = layout
        self.radius = radius
        self.along = along
        self.upper = upper
        self.lower = lower
    }

    /// The rows of a block of results.
    var blockHeight: Int { Self.bandCount }

    private var pairCount: Int { (layout.height + 1) / 2 }

    /// The end of the pairs of rows that are read for the rows of the result up to `end`.
    private func pairEnd(forRowsTo end: Int) -> Int {
        end == 0 ? 0 : min((end + radius + 1) / 2, pairCount)
    }

    /// The end of the source rows that are read for the rows of the result up to `end`.
    func sourceEnd(forRowsTo end: Int) -> Int {
        min(2 * pairEnd(forRowsTo: end), layout.height)
    }

    /// The bytes of scratch memory that a run takes.
    var scratchByteCount: Int { Buffers.byteCount(for: self) }

    /// Writes some rows of the result.
    ///
    /// - Parameters:
    ///   - rows: Whole blocks, which follow those of the last run with the same scratch memory.
    ///   - source: Read before rows of the result with the same numbers are written.
    ///   - result: Where they are written.
    ///   - scratch: Where the buffers are.
    ///   - checkpoint: Asked at least every 16 rows.
    /// - Throws: Why it was stopped.
    func run<Sample: PixelSample>(
        rows: Range<Int>, _ source: Rows<Sample>, into result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let buffers = Buffers(for: self, &scratch)
        var made = pairEnd(forRowsTo: rows.lowerBound)
        for top in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.bandCount) {
            let bottom = min(top + Self.bandCount, layout.height)
            let end = pairEnd(forRowsTo: bottom)
            for pair in made..<max(end, made) {
                try checkpoint.check(atRow: 2 * pair)
                makePair(pair, of: source, buffers)
            }
            made = max(made, end)
            try checkpoint.check()
            let first = (top - radius - (radius & 1)) / 2
            for index in 0..<buffers.around.count {
                buffers.around[index] = buffers.pair(first + index, of: pairCount)
            }
            for left in stride(from: 0, to: layout.samplesPerRow, by: Self.stripCount) {
                let columns = left..<min(left + Self.stripCount, layout.samplesPerRow)
                for y in top..<bottom {
                    sumAcross(
                        buffers.around.from((y - top) / 2), y & 1 == 0 ? upper : lower, columns,
                        to: result[y])
                }
            }
        }
    }

    /// Sums along two rows of the source, of which the last may be one.
    private func makePair<Sample: PixelSample>(
        _ pair: Int, of source: Rows<Sample>, _ buffers: Buffers
    ) {
        let y = 2 * pair
        let next = min(y + 1, layout.height - 1)
        prepare(source[y], into: buffers.first, buffers)
        prepare(source[next], into: buffers.second, buffers)
        source.prefetch(after: next)
        source.prefetch(after: next + 1)
        let made = buffers.ring[pair % buffers.ring.count]
        sumAlong(buffers.first, buffers.second, to: made)
        if pair == 0 {
            for x in 0..<made.count { buffers.above[x] = (made[x] & 0xFFFF) | (made[x] &<< 16) }
        }
        if pair == pairCount - 1 {
            for x in 0..<made.count {
                buffers.below[x] =
                    Int32(truncatingIfNeeded: UInt32(bitPattern: made[x]) &>> 16)
                    | (made[x] & ~0xFFFF)
            }
        }
    }

    /// Writes each sample of a row, and of what is beyond the border, with the next of its channel.
    private func prepare<Sample: PixelSample>(
        _ samples: Row<Sample>, into pairs: Row<Int32>, _ buffers: Buffers
    ) {
        let channelCount = layout.format.channelCount
        let margin = radius * channelCount
        let row = buffers.padded[0..<samples.count + 2 * margin]
        let inner = row[margin..<margin + samples.count]
        // A sample of 16 bits as it fits a factor with a sign.
        for x in 0..<samples.count {
            inner[x] = Int16(truncatingIfNeeded: Int32(truncatingIfNeeded: samples[x]) &- 32768)
        }
        row.extendEdges(margin: margin, channelCount: channelCount)
        // The partners of the last samples have no weight, whatever they are.
        let partners = buffers.padded[channelCount..<channelCount + row.count]
        for x in 0..<row.count {
            pairs[x] =
                (Int32(truncatingIfNeeded: row[x]) & 0xFFFF)
                | (Int32(truncatingIfNeeded: partners[x]) &<< 16)
        }
    }

    /// Sums along two rows, for a row of pairs of them.
    private func sumAlong(_ first: Row<Int32>, _ second: Row<Int32>, to pairs: Row<Int32>) {
        let lanes = Self.lanes
        let step = 2 &* layout.format.channelCount
        let fineCount = along.fineCount
        along.pairs.withRow { weights in
            for column in stride(from: 0, to: pairs.count, by: 4 &* lanes) {
                var (a0, a1, a2, a3) = (Sums(), Sums(), Sums(), Sums())
                var (b0, b1, b2, b3) = (Sums(), Sums(), Sums(), Sums())
                @inline(__always)
                func add(_ tap: Int) {
                    let weight = weights[tap]
                    let place = column &+ tap &* step
                    a0.add(first.vector(at: place), weight)
                    a1.add(first.vector(at: place &+ lanes), weight)
                    a2.add(first.vector(at: place &+ 2 &* lanes), weight)
                    a3.add(first.vector(at: place &+ 3 &* lanes), weight)
                    b0.add(second.vector(at: place), weight)
                    b1.add(second.vector(at: place &+ lanes), weight)
                    b2.add(second.vector(at: place &+ 2 &* lanes), weight)
                    b3.add(second.vector(at: place &+ 3 &* lanes), weight)
                }
                for tap in 0..<fineCount { add(tap) }
                (a0, a1, a2, a3) = (a0.halved, a1.halved, a2.halved, a3.halved)
                (b0, b1, b2, b3) = (b0.halved, b1.halved, b2.halved, b3.halved)
                for tap in fineCount..<weights.count { add(tap) }
                pairs.store(a0.paired(with: b0), at: column)
                pairs.store(a1.paired(with: b1), at: column &+ lanes)
                pairs.store(a2.paired(with: b2), at: column &+ 2 &* lanes)
                pairs.store(a3.paired(with: b3), at: column &+ 3 &* lanes)
            }
        }
    }

    /// Sums the columns of a row of the result.
    ///
    /// Two rows at a time, which would share their loads, are not made `pmaddwd` by the compiler.
    private func sumAcross<Sample: PixelSample>(
        _ pairs: Row<Row<Int32>>, _ kernel: PairedKernel, _ columns: Range<Int>,
        to row: Row<Sample>
    ) {
        let lanes = Self.lanes
        let fineCount = kernel.fineCount
        kernel.pairs.withRow { weights in
            for column in stride(from: columns.lowerBound, to: columns.upperBound, by: Self.group) {
                var (s0, s1, s2, s3) = (Sums(), Sums(), Sums(), Sums())
                var (s4, s5, s6, s7) = (Sums(), Sums(), Sums(), Sums())
                @inline(__always)
                func add(_ index: Int) {
                    let (weight, samples) = (weights[index], pairs[index])
                    s0.add(samples.vector(at: column), weight)
                    s1.add(samples.vector(at: column &+ lanes), weight)
                    s2.add(samples.vector(at: column &+ 2 &* lanes), weight)
                    s3.add(samples.vector(at: column &+ 3 &* lanes), weight)
                    s4.add(samples.vector(at: column &+ 4 &* lanes), weight)
                    s5.add(samples.vector(at: column &+ 5 &* lanes), weight)
                    s6.add(samples.vector(at: column &+ 6 &* lanes), weight)
                    s7.add(samples.vector(at: column &+ 7 &* lanes), weight)
                }
                for index in 0..<fineCount { add(index) }
                (s0, s1, s2, s3) = (s0.halved, s1.halved, s2.halved, s3.halved)
                (s4, s5, s6, s7) = (s4.halved, s5.halved, s6.halved, s7.halved)
                for index in fineCount..<weights.count { add(index) }
                row.store(s0.samples(with: s1), upTo: columns.upperBound, at: column)
                row.store(s2.samples(with: s3), upTo: columns.upperBound, at: column &+ 2 &* lanes)
                row.store(s4.samples(with: s5), upTo: columns.upperBound, at: column &+ 4 &* lanes)
                row.store(s6.samples(with: s7), upTo: columns.upperBound, at: column &+ 6 &* lanes)
            }
        }
    }
}

extension Row {
    /// Writes a vector's elements from `index` on, of which those at `end` and beyond are left out.
    @inline(__always)
    fileprivate func store<Vector: SIMD>(_ vector: Vector, upTo end: Int, at index: Int)
    where Vector.Scalar == Element {
        if index &+ Vector.scalarCount <= end {
            store(vector, at: index)
        } else {
            for place in index..<max(end, index) { self[place] = vector[place &- index] }
        }
    }
}

extension PairedConvolution {
    /// The scratch memory of a run.
    private struct Buffers {
        /// The last pairs of rows that were summed along themselves.
        let ring: Rows<Int32>

        /// The first row of the image, and the last one, each paired with itself.
        let above: Row<Int32>
        let below: Row<Int32>

        /// A row with what is beyond the border.
        let padded: Row<Int16>

        /// Two rows, each sample paired with the next of its channel.
        let first: Row<Int32>
        let second: Row<Int32>

        /// The pairs of rows that are summed for a block.
        let around: Row<Row<Int32>>

        init(for convolution: PairedConvolution, _ scratch: inout ScratchMemory) {
            let size = Sizes(convolution)
            ring = scratch.takeRows(size.ring, elementsPerRow: size.row)
            above = scratch.take(size.row)
            below = scratch.take(size.row)
            padded = scratch.take(size.padded)
            first = scratch.take(size.padded)
            second = scratch.take(size.padded)
            around = scratch.take(size.around)
        }

        static func byteCount(for convolution: PairedConvolution) -> Int {
            let size = Sizes(convolution)
            return ScratchMemory.byteCount(size.ring * size.row, of: Int32.self)
                + 2 * ScratchMemory.byteCount(size.row, of: Int32.self)
                + ScratchMemory.byteCount(size.padded, of: Int16.self)
                + 2 * ScratchMemory.byteCount(size.padded, of: Int32.self)
                + ScratchMemory.byteCount(size.around, of: Row<Int32>.self)
        }

        /// A pair of rows, also one beyond the border.
        @inline(__always)
        func pair(_ index: Int, of count: Int) -> Row<Int32> {
            if index < 0 { return above }
            return index < count ? ring[index % ring.count] : below
        }
    }

    /// The elements of each buffer or of its rows.
    private struct Sizes {
        let row: Int
        let ring: Int
        let padded: Int
        let around: Int

        init(_ convolution: PairedConvolution) {
            let layout = convolution.layout
            row = layout.samplesPerRow.roundedUp(to: PairedConvolution.group)
            around = PairedConvolution.bandCount / 2 - 1 + convolution.upper.pairs.count
            ring = min(around + 1, convolution.pairCount)
            padded = row + 2 * (convolution.radius + 1) * layout.format.channelCount
        }
    }
}
