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
            source: source, weights: GaussianKernel.weights(sigma: sigma), amount: Float(amount),
            threshold: Float(threshold), isLinear: context.isLinear)
    }
}

private struct UnsharpOperation: SampleRowOperation {
    let source: PixelLayout
    private let amount: Float
    private let threshold: Float
    private let format: WorkingFormat
    private let fast: SeparableConvolution<Int16>?
    private let precise: SeparableConvolution<Float>?

    init(
        source: PixelLayout, weights: [Double], amount: Float, threshold: Float, isLinear: Bool
    ) {
        self.source = source
        self.amount = amount
        self.threshold = threshold
        format = WorkingFormat(of: source.format, isLinear: isLinear)
        // The amount multiplies the error of the blur, and a threshold asks on which side it is.
        let isPrecise =
            isLinear || source.format.bitsPerSample == 16 || weights.count > 96 || amount > 2
            || threshold > 0
        let kernel = SpacedKernel(weights)
        let room = ScratchMemory.room(for: source) - Self.sharpByteCount(for: source)
        fast =
            isPrecise
            ? nil : SeparableConvolution(of: source, with: kernel, isLinear: false, room: room)
        precise =
            isPrecise
            ? SeparableConvolution(of: source, with: kernel, isLinear: isLinear, room: room)
            : nil
    }

    private static func sharpByteCount(for source: PixelLayout) -> Int {
        ScratchMemory.byteCount(source.samplesPerRow, of: Float.self)
    }

    var result: PixelLayout { source }

    var scratchByteCount: Int {
        (fast?.scratchByteCount ?? precise?.scratchByteCount ?? 0)
            + Self.sharpByteCount(for: source)
    }

    var blockHeight: Int { fast?.blockHeight ?? precise?.blockHeight ?? 1 }
    var mayReplaceSource: Bool { fast?.isWhole ?? precise?.isWhole ?? true }

    func sourceRows(for rows: Range<Int>) -> Range<Int> {
        let end = rows.upperBound
        let sourceEnd = fast?.sourceEnd(forRowsTo: end) ?? precise?.sourceEnd(forRowsTo: end)
        return rows.lowerBound..<(sourceEnd ?? end)
    }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let sharp: Row<Float> = scratch.take(source.elementsPerRow)
        if let fast {
            try run(fast, rows, source, result, sharp, &scratch, checkpoint) { sharpen($0, $1) }
        }
        if let precise {
            try run(precise, rows, source, result, sharp, &scratch, checkpoint) { sharpen($0, $1) }
        }
    }

    @inline(__always)
    private func run<Sample: PixelSample, Working: WorkingSample>(
        _ blur: SeparableConvolution<Working>, _ rows: Range<Int>, _ source: Rows<Sample>,
        _ result: Rows<Sample>, _ sharp: Row<Float>, _ scratch: inout ScratchMemory,
        _ checkpoint: Checkpoint,
        sharpenPlain: (_ samples: Row<Sample>, _ blurred: Row<Working>) -> Void
    ) throws(Interruption) {
        try blur.run(rows: rows, scratch: &scratch, checkpoint: checkpoint) {
            format.prepare(source[$0][$1], into: $2)
            source.prefetch(after: $0, $1)
        } body: { y, samples, blurred in
            let (from, to) = (source[y][samples], result[y][samples])
            if format.isPlain {
                to.copy(from)
                sharpenPlain(to, blurred)
            } else {
                sharpen(from, blurred, sharp, into: to)
            }
        }
    }

    // Plain samples are sharpened in place: the result may lie where the source does, and a loop over
    // two rows that may be the same would not become vector code.

    private func sharpen<Sample: PixelSample>(_ samples: Row<Sample>, _ blurred: Row<Int16>) {
        let factor = Int32(nearestTo: amount * 4096)
        for x in 0..<samples.count {
            let value = Int32(Int16(samples[x]))
            let difference = value &- Int32(blurred[x])
            let sharp = (value &+ ((difference &* factor) &>> 12) &+ 32) &>> 6
            samples[x] = Sample(truncatingIfNeeded: min(max(sharp, 0), 255))
        }
    }

    private func sharpen<Sample: PixelSample>(_ samples: Row<Sample>, _ blurred: Row<Float>) {
        let sharpened = Sharpening(
            amount: amount, threshold: threshold, white: Float(Sample.max))
        for x in 0..<samples.count {
            samples[x] = sharpened(Float(samples[x]), blurred[x]).rounded(to: Sample.self)
        }
    }

    private func sharpen<Sample: PixelSample, Working: WorkingSample>(
        _ samples: Row<Sample>, _ blurred: Row<Working>, _ sharp: Row<Float>,
        into result: Row<Sample>
    ) {
        let sharpened = Sharpening(
            amount: amount, threshold: threshold, white: Float(Sample.max))
        let sharp = sharp[0..<samples.count]
        format.prepare(samples, into: sharp)
        for x in 0..<sharp.count { sharp[x] = sharpened(sharp[x], blurred[x].value) }
        format.finish(sharp, into: result)
    }
}

/// The formula, for samples up to some white.
private struct Sharpening {
    private let amount: Float
    private let least: Float

    init(amount: Float, threshold: Float, white: Float) {
        self.amount = amount
        least = threshold * (white / 255)
    }

    /// The difference is chosen rather than the result: a loop with two results is not made vector
    /// code and guesses wrong, which takes six times as long on noise.
    @inline(__always)
    func callAsFunction(_ value: Float, _ blurred: Float) -> Float {
        let difference = value - blurred
        return value + amount * (difference.magnitude > least ? difference : 0)
    }
}
