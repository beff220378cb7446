internal import Images
internal import Profiling

/// Puts an image on a larger canvas.
struct Pad: Filter {
    static let definition = FilterDefinition(
        "pad", "puts the image on a canvas at least as large",
        value: FilterParameter("size", "of the canvas in pixels", .text("WxH")),
        keys: [
            Gravity.parameter,
            FilterParameter(
                "color",
                "of the canvas; if not given, transparent where there is alpha, else white",
                .color, default: "auto"),
        ], example: "pad:1024x1024,color=#202020"
    ) { arguments throws(FilterError) in
        guard let sides = SizeText.sides(arguments["size"]), let width = sides.width,
            let height = sides.height
        else { throw arguments.invalid("size") }
        return Pad(
            width: width, height: height, gravity: Gravity(arguments),
            color: arguments.color("color"))
    }

    let name = "pad"
    let width: Int
    let height: Int
    let gravity: Gravity
    let color: Color?

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        guard source.width <= width, source.height <= height else {
            throw .outsideImage(
                filter: name, region: "an image of \(source.size)", size: "\(width)×\(height)")
        }
        if source.width == width && source.height == height { return nil }
        return PadOperation(
            source: source,
            result: try context.layout(
                width: width, height: height, format: source.format, for: name),
            left: gravity.left(of: source.width, in: width),
            top: gravity.top(of: source.height, in: height),
            color: color ?? (source.format.hasAlpha ? .transparent : .white))
    }
}

private struct PadOperation: SampleRowOperation {
    let source: PixelLayout
    let result: PixelLayout
    let left: Int
    let top: Int
    let color: Color

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        let start = min(max(rows.lowerBound - top, 0), source.height)
        return start..<min(max(rows.upperBound - top, start), source.height)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let format = self.result.format
        let pixel = SamplePixel<Sample>(color)
        let start = left * format.channelCount
        for y in rows {
            try checkpoint.check(atRow: y)
            let row = result[y]
            for x in 0..<self.result.width {
                pixel.write(to: row, at: x * format.channelCount, format: format)
            }
            if y >= top && y < top + source.count {
                row[start..<start + source.elementsPerRow].copy(source[y - top])
            }
        }
    }
}
