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
        let isPrecise = context.isLinear || source.format.bitsPerSample == 16
        // Up to ten, no input may be further than a level from the formula.
        if sigma > 10,
            let operation = ReducedBlurOperation(
                source: source, sigma: sigma, isPrecise: isPrecise, isLinear: context.isLinear)
        {
            return operation
        }
        if !context.isLinear,
            let operation = PairedBlurOperation(source: source, sigma: sigma)
        {
            return operation
        }
        // Above ten, whole numbers are not exact enough for so many products.
        return GaussianBlurOperation(
            source: source, sigma: sigma, isPrecise: isPrecise || sigma > 10,
            isLinear: context.isLinear)
    }
}

/// A Gaussian by one convolution.
private struct GaussianBlurOperation: SampleRowOperation {
    let source: PixelLayout
    private let fast: SeparableConvolution<Int16>?
    private let precise: SeparableConvolution<Float>?

    init(source: PixelLayout, sigma: Double, isPrecise: Bool, isLinear: Bool) {
        self.source = source
        let kernel = GaussianKernel.spaced(sigma: sigma, isPrecise: isPrecise, isLinear: isLinear)
        let room = ScratchMemory.room(for: source)
        fast =
            isPrecise
            ? nil : SeparableConvolution(of: source, with: kernel, isLinear: isLinear, room: room)
        precise =
            isPrecise
            ? SeparableConvolution(of: source, with: kernel, isLinear: isLinear, room: room) : nil
    }

    var result: PixelLayout { source }
    var scratchByteCount: Int { fast?.scratchByteCount ?? precise?.scratchByteCount ?? 0 }
    var blockHeight: Int { fast?.blockHeight ?? precise?.blockHeight ?? 1 }
    var mayReplaceSource: Bool { fast?.isWhole ?? precise?.isWhole ?? true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        sourceEnd(forRowsTo: rows.lowerBound)..<sourceEnd(forRowsTo: rows.upperBound)
    }

    private func sourceEnd(forRowsTo end: Int) -> Int {
        fast?.sourceEnd(forRowsTo: end) ?? precise?.sourceEnd(forRowsTo: end) ?? end
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        try fast?.run(rows: rows, source, into: result, scratch: &scratch, checkpoint: checkpoint)
        try precise?.run(
            rows: rows, source, into: result, scratch: &scratch, checkpoint: checkpoint)
    }
}

/// A Gaussian of plain samples of 16 bits.
private struct PairedBlurOperation: SampleRowOperation {
    let source: PixelLayout
    private let convolution: PairedConvolution

    init?(source: PixelLayout, sigma: Double) {
        guard
            let convolution = PairedConvolution(
                of: source, with: GaussianKernel.weights(sigma: sigma)),
            convolution.scratchByteCount <= ScratchMemory.room(for: source)
        else { return nil }
        self.source = source
        self.convolution = convolution
    }

    var result: PixelLayout { source }
    var scratchByteCount: Int { convolution.scratchByteCount }
    var blockHeight: Int { convolution.blockHeight }
    var mayReplaceSource: Bool { true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        let start = convolution.sourceEnd(forRowsTo: rows.lowerBound)
        return start..<convolution.sourceEnd(forRowsTo: rows.upperBound)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        try convolution.run(
            rows: rows, source, into: result, scratch: &scratch, checkpoint: checkpoint)
    }
}

/// A wide Gaussian, which has read all of the source before it writes its first row.
private struct ReducedBlurOperation: SampleOperation {
    let source: PixelLayout
    private let fast: ReducedConvolution<Int16>?
    private let precise: ReducedConvolution<Float>?

    init?(source: PixelLayout, sigma: Double, isPrecise: Bool, isLinear: Bool) {
        self.source = source
        fast =
            isPrecise ? nil : ReducedConvolution(of: source, sigma: sigma, isLinear: isLinear)
        precise =
            isPrecise ? ReducedConvolution(of: source, sigma: sigma, isLinear: isLinear) : nil
        if fast == nil && precise == nil { return nil }
    }

    var result: PixelLayout { source }
    var worksInPlace: Bool { true }
    var scratchByteCount: Int { fast?.scratchByteCount ?? precise?.scratchByteCount ?? 0 }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        try fast?.run(source, into: result, scratch: &scratch, checkpoint: checkpoint)
        try precise?.run(source, into: result, scratch: &scratch, checkpoint: checkpoint)
    }
}
