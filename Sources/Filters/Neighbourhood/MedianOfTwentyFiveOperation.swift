internal import Images
internal import Profiling

/// Medians of 5 × 5 windows by a network of comparisons, which is the same for all samples and so
/// becomes vector code.
///
/// The image is worked on in strips whose rows lie at distances that are known when this is
/// compiled: only then does the compiler see that the many streams of the network do not overlap.
struct MedianOfTwentyFiveOperation: SampleRowOperation {
    let source: PixelLayout

    var result: PixelLayout { source }

    /// The samples of a strip.
    private static var stripCount: Int { 768 }

    /// The distance of a strip's rows, with room for two pixels of four channels on either side; 20
    /// of them fit the first-level cache.
    private static var pitch: Int { stripCount + 64 }

    var scratchByteCount: Int { ScratchMemory.byteCount(20 * Self.pitch, of: UInt16.self) }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: 2, below: 2)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let work: Row<Sample> = scratch.take(20 * Self.pitch)
        for left in stride(from: 0, to: source.elementsPerRow, by: Self.stripCount) {
            let count = min(Self.stripCount, source.elementsPerRow - left)
            for y in rows.lowerBound - 2..<rows.lowerBound + 2 {
                load(source.nearest(y), left, count, to: work, y)
            }
            for y in rows {
                try checkpoint.check(atRow: y)
                load(source.nearest(y + 2), left, count, to: work, y + 2)
                let target = result[y][left..<left + count]
                switch self.source.format.channelCount {
                case 1: findMedians(work, 1, to: target)
                case 2: findMedians(work, 2, to: target)
                case 3: findMedians(work, 3, to: target)
                default: findMedians(work, 4, to: target)
                }
            }
        }
    }

    /// Copies a strip of a row, with its neighbours on both sides, to its place in a ring.
    ///
    /// The order of the rows there does not matter to a median.
    private func load<Sample: PixelSample>(
        _ samples: Row<Sample>, _ left: Int, _ count: Int, to work: Row<Sample>, _ y: Int
    ) {
        let channelCount = source.format.channelCount
        let margin = 2 * channelCount
        let row = work.from((y + 5) % 5 * Self.pitch)
        let inner = max(left - margin, 0)..<min(left + count + margin, samples.count)
        row.from(inner.lowerBound - left + margin).copy(samples[inner])
        for index in 0..<margin {
            let channel = index % channelCount
            if left == 0 { row[index] = samples[channel] }
            if left + count + index >= samples.count {
                row[margin + count + index] = samples[samples.count - channelCount + channel]
            }
        }
    }

    /// Each column sorted, each two neighbouring columns merged, and of two such pairs and one column
    /// the thirteenth sample.
    @inline(__always)
    private func findMedians<Sample: PixelSample>(
        _ work: Row<Sample>, _ channelCount: Int, to target: Row<Sample>
    ) {
        let pitch = Self.pitch
        let sorted = work.from(5 * pitch)
        let merged = work.from(10 * pitch)
        for x in 0..<Self.stripCount + 4 * channelCount {
            var column = Five(work, x, pitch)
            column.sort()
            sorted[x] = column.a
            sorted[pitch &+ x] = column.b
            sorted[2 &* pitch &+ x] = column.c
            sorted[3 &* pitch &+ x] = column.d
            sorted[4 &* pitch &+ x] = column.e
        }
        for x in 0..<Self.stripCount + 3 * channelCount {
            merge(sorted, x, x &+ channelCount, pitch, to: merged)
        }
        for x in 0..<target.count {
            target[x] = thirteenth(
                merged, x, x &+ 2 &* channelCount, Five(sorted, x &+ 4 &* channelCount, pitch),
                pitch)
        }
    }

    /// Merges two sorted columns of five.
    ///
    /// The network is K. Batcher's ("Sorting networks and their applications", 1968).
    @inline(__always)
    private func merge<Sample: PixelSample>(
        _ sorted: Row<Sample>, _ x: Int, _ y: Int, _ pitch: Int, to merged: Row<Sample>
    ) {
        var (p, q) = (Five(sorted, x, pitch), Five(sorted, y, pitch))
        // The first, third and fifth of both: after this in p.a, p.c, q.a, p.e, q.c, q.e.
        sort(&p.a, &q.a)
        sort(&p.e, &q.e)
        sort(&p.e, &q.a)
        sort(&p.c, &q.c)
        sort(&p.c, &p.e)
        sort(&q.a, &q.c)
        // The second and fourth of both: after this in p.b, p.d, q.b, q.d.
        sort(&p.b, &q.b)
        sort(&p.d, &q.d)
        sort(&p.d, &q.b)
        let even = (p.a, p.c, p.e, q.a, q.c, q.e)
        let odd = (p.b, p.d, q.b, q.d)
        merged[x] = even.0
        merged[pitch &+ x] = min(odd.0, even.1)
        merged[2 &* pitch &+ x] = max(odd.0, even.1)
        merged[3 &* pitch &+ x] = min(odd.1, even.2)
        merged[4 &* pitch &+ x] = max(odd.1, even.2)
        merged[5 &* pitch &+ x] = min(odd.2, even.3)
        merged[6 &* pitch &+ x] = max(odd.2, even.3)
        merged[7 &* pitch &+ x] = min(odd.3, even.4)
        merged[8 &* pitch &+ x] = max(odd.3, even.4)
        merged[9 &* pitch &+ x] = even.5
    }

    /// The thirteenth of two sorted tens and a sorted five.
    ///
    /// Pairing the one ten with the other backwards gives the lower and the upper half of the
    /// twenty. Only the three greatest of the lower and the three least of the upper can be next to
    /// the median; it is the least, over how many of the five lie below, of the greater of the two
    /// that are then last.
    @inline(__always)
    private func thirteenth<Sample: PixelSample>(
        _ merged: Row<Sample>, _ x: Int, _ y: Int, _ five: Five<Sample>, _ pitch: Int
    ) -> Sample {
        @inline(__always)
        func low(_ rank: Int) -> Sample {
            min(merged[rank &* pitch &+ x], merged[(9 &- rank) &* pitch &+ y])
        }
        @inline(__always)
        func high(_ rank: Int) -> Sample {
            max(merged[rank &* pitch &+ x], merged[(9 &- rank) &* pitch &+ y])
        }
        var lower = Five(
            max(low(0), low(5)), max(low(1), low(6)), max(low(2), low(7)), max(low(3), low(8)),
            max(low(4), low(9)))
        var upper = Five(
            min(high(0), high(5)), min(high(1), high(6)), min(high(2), high(7)),
            min(high(3), high(8)), min(high(4), high(9)))
        lower.sort()
        upper.sort()
        let first = min(upper.c, max(five.a, upper.b))
        let second = min(max(five.b, upper.a), max(five.c, lower.e))
        let third = min(max(five.d, lower.d), max(five.e, lower.c))
        return min(first, min(second, third))
    }
}

/// Five samples of a column.
private struct Five<Sample: PixelSample> {
    var a: Sample
    var b: Sample
    var c: Sample
    var d: Sample
    var e: Sample

    @inline(__always)
    init(_ a: Sample, _ b: Sample, _ c: Sample, _ d: Sample, _ e: Sample) {
        (self.a, self.b, self.c, self.d, self.e) = (a, b, c, d, e)
    }

    @inline(__always)
    init(_ rows: Row<Sample>, _ x: Int, _ pitch: Int) {
        self.init(
            rows[x], rows[pitch &+ x], rows[2 &* pitch &+ x], rows[3 &* pitch &+ x],
            rows[4 &* pitch &+ x])
    }

    /// Nine comparisons, which are the fewest.
    @inline(__always)
    mutating func sort() {
        Filters.sort(&a, &d)
        Filters.sort(&b, &e)
        Filters.sort(&a, &c)
        Filters.sort(&b, &d)
        Filters.sort(&a, &b)
        Filters.sort(&c, &e)
        Filters.sort(&b, &c)
        Filters.sort(&d, &e)
        Filters.sort(&c, &d)
    }
}
