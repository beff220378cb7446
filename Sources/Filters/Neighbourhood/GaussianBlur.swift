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
            source: source, weights: Self.weights(sigma: sigma), isLinear: context.isLinear)
    }

    /// The normalised weights from −⌈3σ⌉ to ⌈3σ⌉.
    static func weights(sigma: Double) -> [Double] {
        let radius = Int((3 * sigma).rounded(.up))
        let weights = (-radius...radius).map { offset in
            Elementary.exp(-Double(offset * offset) / (2 * sigma * sigma))
        }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }
}

private struct GaussianBlurOperation: SampleOperation {
    let source: PixelLayout
    let weights: [Double]
    let isLinear: Bool

    var result: PixelLayout { source }

    var scratchByteCount: Int {
        SeparableConvolution.scratchByteCount(for: source, radius: weights.count / 2, size: 4)
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        if isLinear {
            try run(source, result, Float.self, &scratch, checkpoint)
        } else {
            try run(source, result, Sample.Working.self, &scratch, checkpoint)
        }
    }

    private func run<Sample: PixelSample, Working: WorkingSample>(
        _ source: Rows<Sample>, _ result: Rows<Sample>, _ working: Working.Type,
        _ scratch: inout ScratchMemory, _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let format = WorkingFormat(of: self.source.format, isLinear: isLinear)
        let convolution = SeparableConvolution(
            format: format, weights: weights, channelCount: self.source.format.channelCount)
        try convolution.run(source, as: working, scratch: &scratch, checkpoint: checkpoint) {
            format.finish($1, into: result[$0])
        }
    }
}
