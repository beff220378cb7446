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
        LumaHistogram.scratchByteCount(for: source.format)
            + ScratchMemory.byteCount(1 << source.format.bitsPerSample, of: UInt16.self)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let format = self.source.format
        let histogram = try LumaHistogram(
            of: source, format: format, scratch: &scratch, checkpoint: checkpoint)
        let table: Row<UInt16> = scratch.take(histogram.counts.count)
        histogram.equalize(into: table)
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            let row = source[y]
            if format.isColor {
                row.moveLuma(by: table, format)
            } else {
                row.replace(by: table, channelCount: format.channelCount)
            }
        }
    }
}

extension LumaHistogram {
    /// Writes the new luma of each: the share of darker pixels, of those that are not darkest.
    fileprivate func equalize(into table: Row<UInt16>) {
        var darkest = 0
        while darkest < counts.count - 1 && counts[darkest] == 0 { darkest += 1 }
        let rest = Double(pixelCount) - Double(counts[darkest])
        let white = Double(counts.count - 1)
        var passed = 0.0
        for luma in 0..<counts.count {
            if luma > darkest { passed += Double(counts[luma]) }
            let value = rest > 0 ? (passed / rest * white).rounded() : Double(luma)
            table[luma] = UInt16(value)
        }
    }
}

extension Row where Element: PixelSample {
    /// Adds to each channel of a pixel what a table adds to its luma.
    func moveLuma(by table: Row<UInt16>, _ format: PixelFormat) {
        let white = Int32(truncatingIfNeeded: Element.max)
        let channelCount = format.channelCount
        for pixel in stride(from: 0, to: count, by: channelCount) {
            let luma = Int(self.luma(at: pixel, format))
            let change = Int32(truncatingIfNeeded: table[luma]) &- Int32(truncatingIfNeeded: luma)
            for index in pixel..<pixel &+ 3 {
                let moved = Int32(truncatingIfNeeded: self[index]) &+ change
                self[index] = Element(truncatingIfNeeded: Swift.min(Swift.max(moved, 0), white))
            }
        }
    }
}
