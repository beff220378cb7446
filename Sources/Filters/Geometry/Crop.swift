internal import Images
internal import Profiling

/// Cuts a rectangle out of an image.
struct Crop: Filter {
    static let definition = FilterDefinition(
        "crop", "cuts out a rectangle, which must lie inside the image",
        value: FilterParameter(
            "region", "width and height in pixels, and the left and top edge if given",
            .text("WxH+X+Y, or WxH with gravity=")),
        keys: [Gravity.parameter], example: "crop:640x480+100+50"
    ) { arguments throws(FilterError) in try Crop(arguments) }

    let name = "crop"
    private let width: Int
    private let height: Int
    private let corner: (left: Int, top: Int)?
    private let gravity: Gravity

    private init(_ arguments: FilterArguments) throws(FilterError) {
        let parts = arguments["region"].split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count == 1 || parts.count == 3, let sides = SizeText.sides(parts[0]),
            let width = sides.width, let height = sides.height
        else { throw arguments.invalid("region") }
        self.width = width
        self.height = height
        if parts.count == 3 {
            guard let left = SizeText.wholeNumber(parts[1]),
                let top = SizeText.wholeNumber(parts[2])
            else { throw arguments.invalid("region") }
            corner = (left, top)
        } else {
            corner = nil
        }
        gravity = Gravity(arguments)
    }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        let left = corner?.left ?? gravity.left(of: width, in: source.width)
        let top = corner?.top ?? gravity.top(of: height, in: source.height)
        guard left >= 0, top >= 0, left + width <= source.width, top + height <= source.height
        else {
            throw .outsideImage(
                filter: name,
                region: "\(width)×\(height)" + (corner.map { "+\($0.left)+\($0.top)" } ?? ""),
                size: "\(source.size)")
        }
        if width == source.width && height == source.height { return nil }
        return CropOperation(
            source: source,
            result: try context.layout(
                width: width, height: height, format: source.format, for: name),
            left: left, top: top)
    }
}

/// Copies a rectangle out of an image.
struct CropOperation: RowOperation {
    let source: PixelLayout
    let result: PixelLayout
    let left: Int
    let top: Int

    var mayReplaceSource: Bool { true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        rows.lowerBound + top..<rows.upperBound + top
    }

    func run(
        rows: Range<Int>, from source: ImageMemory, to result: ImageMemory,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let source = source.byteRows
        let result = result.byteRows
        let start = left * self.source.format.bytesPerPixel
        for y in rows {
            try checkpoint.check(atRow: y)
            result[y].copy(source[top + y][start..<start + result.elementsPerRow])
        }
    }
}
