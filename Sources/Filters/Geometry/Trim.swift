internal import Images
internal import Profiling

/// Cuts off a border of one colour.
struct Trim: Filter {
    static let definition = FilterDefinition(
        "trim", "cuts off the border that is as the top left pixel; an image of one colour stays",
        keys: [
            FilterParameter(
                "threshold", "how far a channel may differ, in levels of 255", .number(0...255),
                default: "10")
        ], example: "trim:threshold=20"
    ) { arguments throws(FilterError) in Trim(threshold: arguments.number("threshold")) }

    let name = "trim"
    let threshold: Double

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        TrimOperation(source: source, threshold: threshold)
    }
}

/// Its result is an upper bound: how much is cut off depends on the pixels.
private struct TrimOperation: Operation {
    let source: PixelLayout
    let threshold: Double

    var result: PixelLayout { source }
    var worksInPlace: Bool { true }
    var dependsOnPixels: Bool { true }

    func run(
        from source: ImageMemory, to result: ImageMemory, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) -> PixelLayout {
        let region =
            self.source.format.bitsPerSample == 8
            ? try content(of: source.rows(of: UInt8.self), checkpoint)
            : try content(of: source.rows(of: UInt16.self), checkpoint)
        guard
            let size = ImageSize(width: region.columns.count, height: region.rows.count),
            let layout = PixelLayout(size: size, format: self.source.format)
        else { return self.source }
        guard layout != self.source else { return layout }
        // Each row goes to where rows that were moved before it lay.
        let from = source.byteRows
        let to = result.reinterpreted(as: layout).byteRows
        let start = region.columns.lowerBound * layout.format.bytesPerPixel
        for y in 0..<to.count {
            try checkpoint.check(atRow: y)
            to[y].copy(from[region.rows.lowerBound + y][start..<start + to.elementsPerRow])
        }
        return layout
    }

    /// The smallest rectangle outside of which every pixel is as the first; everything if all are.
    private func content<Sample: PixelSample>(
        of image: Rows<Sample>, _ checkpoint: Checkpoint
    ) throws(Interruption) -> (columns: Range<Int>, rows: Range<Int>) {
        let channelCount = source.format.channelCount
        let allowed = Int32((threshold * Sample.white / 255).rounded(.down))
        let corner = image[0][0..<channelCount]
        func differs(_ row: Row<Sample>, _ x: Int) -> Bool {
            for channel in 0..<channelCount {
                let difference = Int32(row[x * channelCount + channel]) - Int32(corner[channel])
                if difference.magnitude > allowed { return true }
            }
            return false
        }
        var (left, right) = (source.width, -1)
        var (top, bottom) = (source.height, -1)
        for y in 0..<source.height {
            try checkpoint.check(atRow: y)
            let row = image[y]
            guard let first = (0..<source.width).first(where: { differs(row, $0) }) else {
                continue
            }
            top = min(top, y)
            bottom = y
            left = min(left, first)
            // What lies between the columns found so far can't change them.
            var x = source.width - 1
            while x > right && !differs(row, x) { x -= 1 }
            right = max(right, x)
        }
        guard bottom >= 0 else { return (0..<source.width, 0..<source.height) }
        return (left..<right + 1, top..<bottom + 1)
    }
}
