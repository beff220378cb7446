internal import Images

/// Makes an image of another size.
struct Resize: Filter {
    static let definition = FilterDefinition(
        "resize", "resamples to another size, with antialiasing",
        value: FilterParameter(
            "size", "in pixels or of the original; what is left out follows the proportions",
            .text("P%, WxH, Wx or xH")),
        keys: [
            FilterParameter(
                "fit", "keep the whole inside, cover the size and crop, or distort",
                .choice(Fit.allCases.map(\.rawValue)), default: "contain"),
            FilterParameter(
                "kernel", "how samples are weighed",
                .choice(ResamplingKernel.allCases.map(\.rawValue)), default: "lanczos3"),
            FilterParameter(
                "upscale", "whether a side may grow", .choice(["yes", "no"]), default: "no"),
            Gravity.parameter,
        ], example: "resize:1280x800,fit=cover"
    ) { arguments throws(FilterError) in try Resize(arguments) }

    enum Fit: String, CaseIterable { case contain, cover, fill }

    private enum Target {
        case percentage(Double)
        case sides(width: Int?, height: Int?)
    }

    let name = "resize"
    let kernel: ResamplingKernel
    private let target: Target
    private let fit: Fit
    private let mayGrow: Bool
    private let gravity: Gravity

    private init(_ arguments: FilterArguments) throws(FilterError) {
        fit = Fit(rawValue: arguments["fit"]) ?? .contain
        kernel = ResamplingKernel(rawValue: arguments["kernel"]) ?? .lanczos3
        mayGrow = arguments["upscale"] == "yes"
        gravity = Gravity(arguments)
        let text = arguments["size"]
        if text.last == "%" {
            let highest = mayGrow ? 10000.0 : 100.0
            guard let percentage = FilterParameter.number(String(text.dropLast())), percentage > 0,
                percentage <= highest
            else {
                throw arguments.invalid(
                    "size",
                    allowed: "above 0 % and at most \(Int(highest)) %"
                        + (mayGrow ? "" : " without upscale=yes"))
            }
            target = .percentage(percentage / 100)
        } else {
            guard let sides = SizeText.sides(text, mayOmit: true) else {
                throw arguments.invalid("size")
            }
            target = .sides(width: sides.width, height: sides.height)
        }
    }

    /// The size that an image is resampled to, before `fit=cover` crops it.
    func scaledSize(for size: ImageSize) -> (width: Int, height: Int) {
        let (width, height) = (Double(size.width), Double(size.height))
        var factors: (x: Double, y: Double)
        switch target {
        case .percentage(let factor):
            factors = (factor, factor)
        case .sides(let targetWidth, let targetHeight):
            let x = targetWidth.map { Double($0) / width }
            let y = targetHeight.map { Double($0) / height }
            switch fit {
            case .contain:
                let factor = min(x ?? .infinity, y ?? .infinity)
                factors = (factor, factor)
            case .cover:
                let factor = max(x ?? 0, y ?? 0)
                factors = (factor, factor)
            case .fill:
                factors = (x ?? y ?? 1, y ?? x ?? 1)
            }
        }
        if !mayGrow { factors = (min(factors.x, 1), min(factors.y, 1)) }
        func scaled(_ side: Double, by factor: Double) -> Int {
            // A product beyond all limits is refused when the layout is made.
            Int(min(max((side * factor).rounded(), 1), Double(ImageSize.largestSide) * 2))
        }
        return (scaled(width, by: factors.x), scaled(height, by: factors.y))
    }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        let original = context.originalSize ?? source.size
        let scaled = scaledSize(for: original)
        var (width, height) = scaled
        if fit == .cover, case .sides(let targetWidth, let targetHeight) = target {
            width = min(width, targetWidth ?? width)
            height = min(height, targetHeight ?? height)
        }
        let result = try context.layout(
            width: width, height: height, format: source.format, for: name)
        let left = gravity.left(of: width, in: scaled.width)
        let top = gravity.top(of: height, in: scaled.height)
        if source.width == scaled.width && source.height == scaled.height {
            return result == source
                ? nil : CropOperation(source: source, result: result, left: left, top: top)
        }
        // A decoder that shrinks by 2, 4 or 8 rounds up: its last sample may stand for less.
        let shrunk = (Double(original.width) / Double(source.width)).rounded()
        let columns = Taps.resampling(
            kernel, count: scaled.width, range: left..<left + width,
            sourceCount: source.width, extent: Double(original.width) / shrunk)
        let rows = Taps.resampling(
            kernel, count: scaled.height, range: top..<top + height,
            sourceCount: source.height, extent: Double(original.height) / shrunk)
        return ResizeOperation(
            source: source, result: result, columns: columns, rows: rows,
            isLinear: context.isLinear)
    }
}
