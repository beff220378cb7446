internal import Images
internal import Profiling

/// Medians of 3 × 3 and 5 × 5 windows by networks of comparisons, which are the same for all samples
/// and so become vector code.
///
/// The image is worked on in strips whose rows lie at distances that are known when this is
/// compiled: only then does the compiler see that the many streams of a network do not overlap.
struct SmallMedianOperation: SampleOperation {
    let source: PixelLayout
    let radius: Int

    var result: PixelLayout { source }

    /// How long the rows of a strip are, of which 3 or 15 should fit the first-level cache.
    private enum Strip {
        static var ofNine: Int { 2304 }
        static var ofTwentyFive: Int { 768 }

        /// The room for two pixels of four channels on either side, and for whole vectors.
        static var margin: Int { 64 }
    }

    private var stripCount: Int { radius == 1 ? Strip.ofNine : Strip.ofTwentyFive }
    private var pitch: Int { stripCount + Strip.margin }

    var scratchByteCount: Int { ScratchMemory.byteCount(15 * pitch, of: UInt16.self) }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let work: Row<Sample> = scratch.take(15 * pitch)
        for left in stride(from: 0, to: source.elementsPerRow, by: stripCount) {
            let columns = left..<min(left + stripCount, source.elementsPerRow)
            for y in 0..<source.count {
                try checkpoint.check(atRow: y)
                sortColumns(of: source, y, columns, to: work)
                let target = result[y][columns]
                switch (radius, self.source.format.channelCount) {
                case (1, 1): medianOfNine(work, 1, to: target)
                case (1, 2): medianOfNine(work, 2, to: target)
                case (1, 3): medianOfNine(work, 3, to: target)
                case (1, _): medianOfNine(work, 4, to: target)
                case (_, 1): medianOfTwentyFive(work, 1, to: target)
                case (_, 2): medianOfTwentyFive(work, 2, to: target)
                case (_, 3): medianOfTwentyFive(work, 3, to: target)
                default: medianOfTwentyFive(work, 4, to: target)
                }
            }
        }
    }

    /// Sorts each column around row `y`, from a pixel or two before the strip to as many behind it,
    /// where the first and the last of the image are repeated.
    private func sortColumns<Sample: PixelSample>(
        of image: Rows<Sample>, _ y: Int, _ columns: Range<Int>, to sorted: Row<Sample>
    ) {
        let channelCount = source.format.channelCount
        let margin = radius * channelCount
        let inside =
            max(
                columns.lowerBound - margin, 0)..<min(
                columns.upperBound + margin, image.elementsPerRow)
        let target = sorted.from(inside.lowerBound - columns.lowerBound + margin)
        let (above, middle, below) = (
            image.nearest(y - 1)[inside], image[y][inside], image.nearest(y + 1)[inside]
        )
        if radius == 1 {
            sortColumns(above, middle, below, to: target)
        } else {
            sortColumns(
                image.nearest(y - 2)[inside], above, middle, below, image.nearest(y + 2)[inside],
                to: target)
        }
        let end = margin + columns.count
        for rank in 0..<2 * radius + 1 {
            let row = sorted.from(rank * pitch)
            for index in 0..<margin {
                let channel = index % channelCount
                if columns.lowerBound == 0 { row[index] = row[margin + channel] }
                if columns.upperBound + index >= image.elementsPerRow {
                    row[end + index] = row[end - channelCount + channel]
                }
            }
        }
    }

    private func sortColumns<Sample: PixelSample>(
        _ above: Row<Sample>, _ middle: Row<Sample>, _ below: Row<Sample>,
        to sorted: Row<Sample>
    ) {
        let pitch = Strip.ofNine + Strip.margin
        for x in 0..<above.count {
            var (a, b, c) = (above[x], middle[x], below[x])
            sort(&a, &b)
            sort(&b, &c)
            sort(&a, &b)
            sorted[x] = a
            sorted[pitch &+ x] = b
            sorted[2 &* pitch &+ x] = c
        }
    }

    private func sortColumns<Sample: PixelSample>(
        _ first: Row<Sample>, _ second: Row<Sample>, _ third: Row<Sample>, _ fourth: Row<Sample>,
        _ fifth: Row<Sample>, to sorted: Row<Sample>
    ) {
        let pitch = Strip.ofTwentyFive + Strip.margin
        for x in 0..<first.count {
            var column = Five(first[x], second[x], third[x], fourth[x], fifth[x])
            column.sort()
            sorted[x] = column.a
            sorted[pitch &+ x] = column.b
            sorted[2 &* pitch &+ x] = column.c
            sorted[3 &* pitch &+ x] = column.d
            sorted[4 &* pitch &+ x] = column.e
        }
    }

    /// The greatest of the least, the middle one of the middle ones and the least of the greatest of
    /// three sorted columns, and of these the middle one.
    @inline(__always)
    private func medianOfNine<Sample: PixelSample>(
        _ sorted: Row<Sample>, _ channelCount: Int, to target: Row<Sample>
    ) {
        let pitch = Strip.ofNine + Strip.margin
        for x in 0..<target.count {
            let (y, z) = (x &+ channelCount, x &+ 2 &* channelCount)
            let low = max(sorted[x], max(sorted[y], sorted[z]))
            let middle = median(sorted[pitch &+ x], sorted[pitch &+ y], sorted[pitch &+ z])
            let high = min(
                sorted[2 &* pitch &+ x], min(sorted[2 &* pitch &+ y], sorted[2 &* pitch &+ z]))
            target[x] = median(low, middle, high)
        }
    }

    /// Each two neighbouring sorted columns merged, and of two such pairs and one column the
    /// thirteenth sample.
    @inline(__always)
    private func medianOfTwentyFive<Sample: PixelSample>(
        _ sorted: Row<Sample>, _ channelCount: Int, to target: Row<Sample>
    ) {
        let pitch = Strip.ofTwentyFive + Strip.margin
        let merged = sorted.from(5 * pitch)
        for x in 0..<target.count + 2 * channelCount {
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

@inline(__always)
private func sort<Sample: PixelSample>(_ first: inout Sample, _ second: inout Sample) {
    (first, second) = (min(first, second), max(first, second))
}

@inline(__always)
private func median<Sample: PixelSample>(_ a: Sample, _ b: Sample, _ c: Sample) -> Sample {
    max(min(a, b), min(max(a, b), c))
}
