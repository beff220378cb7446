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

    var scratchByteCount: Int {
        LumaHistogram.scratchByteCount(for: source)
            + ScratchMemory.byteCount(1 << source.format.bitsPerSample, of: UInt16.self)
            + LumaReader<UInt16>.scratchByteCount(for: source)
            + ScratchMemory.byteCount(source.width, of: UInt16.self)
            + ScratchMemory.byteCount(source.width, of: Int32.self)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let histogram = try LumaHistogram(
            of: source, self.source, scratch: &scratch, checkpoint: checkpoint)
        let table: Row<Sample> = scratch.take(histogram.counts.count)
        histogram.equalize(into: table)
        let reader = LumaReader<Sample>(of: self.source, scratch: &scratch)
        let luma: Row<Sample> = scratch.take(self.source.width)
        let changes: Row<Sample.Change> = scratch.take(self.source.width)
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            reader.read(source[y], into: luma)
            for x in 0..<luma.count {
                let new = table[Int(truncatingIfNeeded: luma[x])]
                changes[x] =
                    Sample.Change(truncatingIfNeeded: new)
                    &- Sample.Change(truncatingIfNeeded: luma[x])
            }
            reader.move(source[y], by: changes, into: source[y])
        }
    }
}

extension LumaHistogram {
    /// Writes what each luma becomes: the share of darker pixels, of those that are not darkest.
    fileprivate func equalize<Sample: PixelSample>(into table: Row<Sample>) {
        var darkest = 0
        while darkest < counts.count - 1 && counts[darkest] == 0 { darkest += 1 }
        let rest = Double(pixelCount) - Double(counts[darkest])
        let white = Double(counts.count - 1)
        var passed = 0.0
        for luma in 0..<counts.count {
            if luma > darkest { passed += Double(counts[luma]) }
            let value = rest > 0 ? Int((passed / rest * white).rounded()) : luma
            table[luma] = Sample(truncatingIfNeeded: value)
        }
    }
}
