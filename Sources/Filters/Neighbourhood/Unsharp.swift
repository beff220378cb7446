internal import Images
internal import Profiling

/// Sharpens by adding what a blur takes away.
struct Unsharp: Filter {
    static let definition = FilterDefinition(
        "unsharp", "sharpens: v + amount·(v − blur(v)) where the difference is above the threshold",
        value: FilterParameter(
            "sigma", "of the Gaussian, in pixels", .number(0...200, isAboveLowerBound: true)),
        keys: [
            FilterParameter("amount", "how much is added", .number(0...100), default: "1"),
            FilterParameter(
                "threshold", "differences up to it are left, in levels of 255", .number(0...255),
                default: "0"),
        ], example: "unsharp:2,amount=0.8,threshold=3"
    ) { arguments throws(FilterError) in
        Unsharp(
            sigma: arguments.number("sigma"), amount: arguments.number("amount"),
            threshold: arguments.number("threshold"))
    }

    let name = "unsharp"
    let sigma: Double
    let amount: Double
    let threshold: Double

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        UnsharpOperation(
            source: source, weights: GaussianBlur.weights(sigma: sigma), amount: Float(amount),
            threshold: Float(threshold), isLinear: context.isLinear)
    }
}

private struct UnsharpOperation: SampleOperation {
    let source: PixelLayout
    let weights: [Double]
    let amount: Float
    let threshold: Float
    let isLinear: Bool

    var result: PixelLayout { source }

    var scratchByteCount: Int {
        SeparableConvolution.scratchByteCount(for: source, radius: weights.count / 2, size: 4)
            + source.samplesPerRow * 4 + 64
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let format = WorkingFormat(of: self.source.format, isLinear: isLinear)
        let convolution = SeparableConvolution(
            format: format, weights: weights, channelCount: self.source.format.channelCount)
        let original: Row<Float> = scratch.take(source.elementsPerRow)
        let least = threshold * (Float(Sample.max) / 255)
        try convolution.run(source, as: Float.self, scratch: &scratch, checkpoint: checkpoint) {
            y, blurred in
            format.prepare(source[y], into: original)
            for x in 0..<original.count {
                let difference = original[x] - blurred[x]
                blurred[x] = original[x] + (difference.magnitude > least ? amount * difference : 0)
            }
            format.finish(blurred, into: result[y])
        }
    }
}
