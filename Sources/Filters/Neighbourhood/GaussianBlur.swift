internal import Images
internal import Profiling

/// Blurs with a Gaussian.
struct GaussianBlur: Filter {
    static let definition = FilterDefinition(
        "gaussian-blur", "blurs with a Gaussian of radius ⌈3·sigma⌉",
        value: FilterParameter(
            "sigma", "the standard deviation in pixels", .number(0...200, isAboveLowerBound: true)),
        example: "gaussian-blur:2.5"
    ) { arguments throws(FilterError) in GaussianBlur(sigma: arguments.number("sigma")) }

    let name = "gaussian-blur"
    let sigma: Double

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        GaussianBlurOperation(source: source, sigma: sigma, isLinear: context.isLinear)
    }
}

private struct GaussianBlurOperation: SampleOperation {
    let source: PixelLayout
    private let fast: Blur<Int16>?
    private let precise: Blur<Float>?

    /// A Gaussian of any width.
    private enum Blur<Working: WorkingSample>: Sendable {
        case whole(SeparableConvolution<Working>)
        case reduced(ReducedConvolution<Working>)

        init(of layout: PixelLayout, sigma: Double, isLinear: Bool, reducedFrom least: Double) {
            if sigma >= least,
                let reduced = ReducedConvolution<Working>(
                    of: layout, sigma: sigma, isLinear: isLinear)
            {
                self = .reduced(reduced)
            } else {
                self = .whole(
                    SeparableConvolution(
                        of: layout, with: GaussianKernel.weights(sigma: sigma), isLinear: isLinear))
            }
        }

        var scratchByteCount: Int {
            switch self {
            case .whole(let blur): blur.scratchByteCount
            case .reduced(let blur): blur.scratchByteCount
            }
        }

        func run<Sample: PixelSample>(
            _ source: Rows<Sample>, into result: Rows<Sample>, scratch: inout ScratchMemory,
            checkpoint: Checkpoint
        ) throws(Interruption) {
            switch self {
            case .whole(let blur):
                try blur.run(source, into: result, scratch: &scratch, checkpoint: checkpoint)
            case .reduced(let blur):
                try blur.run(source, into: result, scratch: &scratch, checkpoint: checkpoint)
            }
        }
    }

    init(source: PixelLayout, sigma: Double, isLinear: Bool) {
        self.source = source
        // At 16 bits, and where linear light makes dark samples steep, the errors of the smaller
        // image would be more than a level of 255 allows until sigma is above 10.
        let isPrecise = isLinear || source.format.bitsPerSample == 16
        fast =
            isPrecise
            ? nil : Blur(of: source, sigma: sigma, isLinear: false, reducedFrom: 5)
        precise =
            isPrecise
            ? Blur(
                of: source, sigma: sigma, isLinear: isLinear, reducedFrom: (10.0).nextUp) : nil
    }

    var result: PixelLayout { source }

    /// A reduced blur has read all of the source before it writes its first row.
    var worksInPlace: Bool {
        if case .reduced = fast { return true }
        if case .reduced = precise { return true }
        return false
    }

    var scratchByteCount: Int { fast?.scratchByteCount ?? precise?.scratchByteCount ?? 0 }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        try fast?.run(source, into: result, scratch: &scratch, checkpoint: checkpoint)
        try precise?.run(source, into: result, scratch: &scratch, checkpoint: checkpoint)
    }
}
