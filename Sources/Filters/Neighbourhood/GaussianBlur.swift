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
        GaussianBlurOperation(
            source: source, weights: GaussianKernel.weights(sigma: sigma),
            isLinear: context.isLinear)
    }
}

private struct GaussianBlurOperation: SampleOperation {
    let source: PixelLayout
    private let fast: SeparableConvolution<Int16>?
    private let precise: SeparableConvolution<Float>?

    init(source: PixelLayout, weights: [Double], isLinear: Bool) {
        self.source = source
        let isPrecise = isLinear || source.format.bitsPerSample == 16 || weights.count > 96
        fast =
            isPrecise
            ? nil : SeparableConvolution(of: source, with: weights, isLinear: false)
        precise =
            isPrecise
            ? SeparableConvolution(of: source, with: weights, isLinear: isLinear) : nil
    }

    var result: PixelLayout { source }

    var scratchByteCount: Int { fast?.scratchByteCount ?? precise?.scratchByteCount ?? 0 }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        try fast?.run(source, into: result, scratch: &scratch, checkpoint: checkpoint)
        try precise?.run(source, into: result, scratch: &scratch, checkpoint: checkpoint)
    }
}
