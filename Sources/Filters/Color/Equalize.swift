internal import Images
internal import Profiling

/// Makes every luma about as frequent as every other.
struct Equalize: Filter {
    static let definition = FilterDefinition(
        "equalize",
        "histogram equalisation of luma; each pixel's channels move by as much as its luma",
        example: "equalize"
    ) { _ throws(FilterError) in Equalize() }

    let name = "equalize"

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        EqualizeOperation(source: source)
    }
}

private struct EqualizeOperation: SampleOperation {
    let source: PixelLayout

    var result: PixelLayout { source }
    var worksInPlace: Bool { true }

    private var ranges: LevelRanges {
        LumaHistogram<UInt16>.ranges(
            for: source, bytesPerLuma: source.format.bytesPerSample, keepsLumas: true)
    }

    var scratchByteCount: Int {
        LumaHistogram<UInt16>.scratchByteCount(for: source, ranges: ranges, keepsLumas: true)
            + ScratchMemory.byteCount(ranges.length, samplesOf: source.format)
            + ScratchMemory.byteCount(source.width, of: Int32.self)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let histogram = try LumaHistogram(
            of: source, self.source, ranges: ranges, keepsLumas: true, scratch: &scratch,
            checkpoint: checkpoint)
        let table: Row<Sample> = scratch.take(ranges.length)
        let changes: Row<Sample.Change> = scratch.take(self.source.width)
        var curve = EqualisingCurve(pixelCount: histogram.pixelCount)
        try histogram.forEachRange(checkpoint) { first, counts throws(Interruption) in
            curve.write(first, counts, to: table)
            for y in 0..<source.count {
                try checkpoint.check(atRow: y)
                let luma = histogram.read(y)
                source.prefetch(after: y)
                if histogram.ranges.isWhole {
                    changes.look(up: luma, in: table)
                } else {
                    changes.look(up: luma, from: Sample(truncatingIfNeeded: first), in: table)
                }
                histogram.reader.move(source[y], by: changes, into: source[y])
            }
        }
    }
}

extension Row where Element: FixedWidthInteger {
    /// Writes what each luma changes by.
    fileprivate func look<Sample: PixelSample>(up luma: Row<Sample>, in table: Row<Sample>) {
        for x in 0..<luma.count {
            let new = table[Int(truncatingIfNeeded: luma[x])]
            self[x] =
                Element(truncatingIfNeeded: new) &- Element(truncatingIfNeeded: luma[x])
        }
    }

    /// The same for the lumas of a table that begins at `first`; all others stay.
    fileprivate func look<Sample: PixelSample>(
        up luma: Row<Sample>, from first: Sample, in table: Row<Sample>
    ) {
        for x in 0..<luma.count {
            let index = Int(truncatingIfNeeded: luma[x] &- first)
            let new = index < table.count ? table[index] : luma[x]
            self[x] =
                Element(truncatingIfNeeded: new) &- Element(truncatingIfNeeded: luma[x])
        }
    }
}

/// What each luma becomes: the share of darker pixels, of those that are not darkest.
private struct EqualisingCurve {
    /// The pixels that are not darkest, and those of them that are no brighter than what was written.
    private var rest: Double
    private var passed = 0.0
    private var hasBegun = false

    init(pixelCount: Int) {
        rest = Double(pixelCount)
    }

    /// Goes on with the lumas from `first` on.
    mutating func write<Sample: PixelSample>(
        _ first: Int, _ counts: Row<UInt32>, to table: Row<Sample>
    ) {
        for index in 0..<counts.count {
            let count = Double(counts[index])
            if hasBegun {
                passed += count
            } else if count > 0 {
                rest -= count
                hasBegun = true
            }
            let value = rest > 0 ? Int((passed / rest * Sample.white).rounded()) : first + index
            table[index] = Sample(truncatingIfNeeded: value)
        }
    }
}
