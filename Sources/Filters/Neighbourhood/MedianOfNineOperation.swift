internal import Images
internal import Profiling

/// Medians of 3 × 3 windows by comparisons that are the same for all samples and so become vector
/// code: each column is sorted once, for the three windows that it is in.
struct MedianOfNineOperation: SampleRowOperation {
    let source: PixelLayout

    var result: PixelLayout { source }

    /// The samples of a strip.
    private static var stripCount: Int { 8064 }

    /// The distance of its sorted rows, with room for the neighbours.
    ///
    /// It is known when this is compiled: only then does the compiler see that rows do not overlap.
    private static var pitch: Int { stripCount + 64 }

    var scratchByteCount: Int { ScratchMemory.byteCount(3 * Self.pitch, of: UInt16.self) }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        window(around: rows, above: 1, below: 1)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let sorted: Row<Sample> = scratch.take(3 * Self.pitch)
        for left in stride(from: 0, to: source.elementsPerRow, by: Self.stripCount) {
            let columns = left..<min(left + Self.stripCount, source.elementsPerRow)
            for y in rows {
                try checkpoint.check(atRow: y)
                sortColumns(of: source, y, columns, to: sorted)
                let target = result[y][columns]
                switch self.source.format.channelCount {
                case 1: findMedians(sorted, 1, to: target)
                case 2: findMedians(sorted, 2, to: target)
                case 3: findMedians(sorted, 3, to: target)
                default: findMedians(sorted, 4, to: target)
                }
            }
        }
    }

    /// Sorts each column around row `y`, from a pixel before the strip to one behind it, where the
    /// first and the last of the image are repeated.
    private func sortColumns<Sample: PixelSample>(
        of image: Rows<Sample>, _ y: Int, _ columns: Range<Int>, to sorted: Row<Sample>
    ) {
        let margin = source.format.channelCount
        let inside =
            max(
                columns.lowerBound - margin, 0)..<min(
                columns.upperBound + margin, image.elementsPerRow)
        sortColumns(
            image.nearest(y - 1)[inside], image[y][inside], image.nearest(y + 1)[inside],
            to: sorted.from(inside.lowerBound - columns.lowerBound + margin))
        let end = margin + columns.count
        for rank in 0..<3 {
            let row = sorted.from(rank * Self.pitch)
            for channel in 0..<margin {
                if columns.lowerBound == 0 { row[channel] = row[margin + channel] }
                if columns.upperBound == image.elementsPerRow {
                    row[end + channel] = row[end - margin + channel]
                }
            }
        }
    }

    private func sortColumns<Sample: PixelSample>(
        _ above: Row<Sample>, _ middle: Row<Sample>, _ below: Row<Sample>,
        to sorted: Row<Sample>
    ) {
        let pitch = Self.pitch
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

    /// The greatest of the least, the middle one of the middle ones and the least of the greatest of
    /// three sorted columns, and of these the middle one.
    @inline(__always)
    private func findMedians<Sample: PixelSample>(
        _ sorted: Row<Sample>, _ channelCount: Int, to target: Row<Sample>
    ) {
        let pitch = Self.pitch
        for x in 0..<target.count {
            let (y, z) = (x &+ channelCount, x &+ 2 &* channelCount)
            let low = max(sorted[x], max(sorted[y], sorted[z]))
            let middle = median(sorted[pitch &+ x], sorted[pitch &+ y], sorted[pitch &+ z])
            let high = min(
                sorted[2 &* pitch &+ x], min(sorted[2 &* pitch &+ y], sorted[2 &* pitch &+ z]))
            target[x] = median(low, middle, high)
        }
    }
}

/// Puts the lesser of two samples first.
@inline(__always)
func sort<Sample: PixelSample>(_ first: inout Sample, _ second: inout Sample) {
    (first, second) = (min(first, second), max(first, second))
}

/// The middle one of three samples.
@inline(__always)
func median<Sample: PixelSample>(_ a: Sample, _ b: Sample, _ c: Sample) -> Sample {
    max(min(a, b), min(max(a, b), c))
}
