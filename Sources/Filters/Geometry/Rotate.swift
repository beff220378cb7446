internal import Images
internal import Profiling

/// Turns an image clockwise.
struct Rotate: Filter {
    static let definition = FilterDefinition(
        "rotate", "turns the image clockwise; the canvas grows to hold the corners",
        value: FilterParameter(
            "angle", "degrees; multiples of 90 are exact, others are resampled",
            .number(-360...360)),
        keys: [
            FilterParameter(
                "kernel", "how samples are weighed",
                .choice(ResamplingKernel.allCases.map(\.rawValue)), default: "catmull-rom"),
            FilterParameter(
                "color",
                "of the corners; if not given, transparent where there is alpha, else white",
                .color, default: "auto"),
        ], example: "rotate:90"
    ) { arguments throws(FilterError) in
        switch (arguments.number("angle") + 360).truncatingRemainder(dividingBy: 360) {
        case 0: Orient(.topLeft, name: "rotate")
        case 90: Orient(.rightTop, name: "rotate")
        case 180: Orient(.bottomRight, name: "rotate")
        case 270: Orient(.leftBottom, name: "rotate")
        case let angle:
            Rotate(
                angle: angle,
                kernel: ResamplingKernel(rawValue: arguments["kernel"]) ?? .catmullRom,
                color: arguments.color("color"))
        }
    }

    let name = "rotate"
    let angle: Double
    let kernel: ResamplingKernel
    let color: Color?

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        let radians = angle * .pi / 180
        let (sine, cosine) = (Elementary.sin(radians), Elementary.cos(radians))
        let (width, height) = (Double(source.width), Double(source.height))
        // A side that should be whole is not to grow by a pixel because of the last bits.
        func canvas(_ first: Double, _ second: Double) -> Int {
            Int((first.magnitude + second.magnitude - 1e-9).rounded(.up))
        }
        return RotateOperation(
            source: source,
            result: try context.layout(
                width: canvas(width * cosine, height * sine),
                height: canvas(width * sine, height * cosine), format: source.format, for: name),
            sine: sine, cosine: cosine, kernel: KernelTable(kernel),
            color: color ?? (source.format.hasAlpha ? .transparent : .white))
    }
}

/// For each result pixel the sum of the source pixels around the place that it comes from; beyond the
/// border there is the colour.
private struct RotateOperation: SampleOperation {
    let source: PixelLayout
    let result: PixelLayout
    let sine: Double
    let cosine: Double
    let kernel: KernelTable
    let color: Color

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let centerX = Double(self.source.width) / 2 - 0.5
        let centerY = Double(self.source.height) / 2 - 0.5
        let left = 0.5 - Double(self.result.width) / 2
        let top = 0.5 - Double(self.result.height) / 2
        let channelCount = self.source.format.channelCount
        let outside = outsidePixel(of: Sample.self)
        for y in 0..<result.count {
            try checkpoint.check()
            let dy = top + Double(y)
            let target = result[y]
            for x in 0..<self.result.width {
                let dx = left + Double(x)
                let pixel = pixel(
                    of: source, cosine * dx + sine * dy + centerX,
                    cosine * dy - sine * dx + centerY, outside)
                write(pixel, to: target, at: x &* channelCount)
            }
        }
    }

    /// The colour as the samples are summed: premultiplied, on their scale.
    private func outsidePixel<Sample: PixelSample>(of type: Sample.Type) -> SIMD4<Float> {
        var samples = SIMD4<Float>()
        let all = SamplePixel<Sample>(color)
        let alpha = source.format.hasAlpha ? Float(all.alpha) / Float(Sample.max) : 1
        let gray =
            all.red == all.green && all.green == all.blue
            ? all.red : Luma.rec709(all.red, all.green, all.blue)
        if source.format.isColor {
            samples[0] = Float(all.red) * alpha
            samples[1] = Float(all.green) * alpha
            samples[2] = Float(all.blue) * alpha
        } else {
            samples[0] = Float(gray) * alpha
        }
        if source.format.hasAlpha { samples[source.format.channelCount - 1] = Float(all.alpha) }
        return samples
    }

    /// The weighted sum around a place, premultiplied.
    @inline(__always)
    private func pixel<Sample: PixelSample>(
        of image: Rows<Sample>, _ x: Double, _ y: Double, _ outside: SIMD4<Float>
    ) -> SIMD4<Float> {
        let column = x.rounded(.down)
        let row = y.rounded(.down)
        let horizontal = kernel.weights(at: Float(x - column))
        let vertical = kernel.weights(at: Float(y - row))
        let (firstX, firstY) = (Int(column) &- kernel.before, Int(row) &- kernel.before)
        var sum = SIMD4<Float>()
        for j in 0..<kernel.tapCount {
            let y = firstY &+ j
            var line = SIMD4<Float>()
            if y < 0 || y >= image.count {
                line = outside
            } else {
                let samples = image[y]
                for i in 0..<kernel.tapCount {
                    line += horizontal[i] * self.pixel(of: samples, firstX &+ i, outside)
                }
            }
            sum += vertical[j] * line
        }
        return sum
    }

    @inline(__always)
    private func pixel<Sample: PixelSample>(
        of samples: Row<Sample>, _ x: Int, _ outside: SIMD4<Float>
    ) -> SIMD4<Float> {
        guard x >= 0 && x < source.width else { return outside }
        let channelCount = source.format.channelCount
        let index = x &* channelCount
        var pixel = SIMD4<Float>()
        for channel in 0..<channelCount { pixel[channel] = Float(samples[index &+ channel]) }
        guard source.format.hasAlpha else { return pixel }
        let alpha = pixel[channelCount - 1]
        pixel *= alpha / Float(Sample.max)
        pixel[channelCount - 1] = alpha
        return pixel
    }

    @inline(__always)
    private func write<Sample: PixelSample>(
        _ pixel: SIMD4<Float>, to samples: Row<Sample>, at index: Int
    ) {
        let channelCount = source.format.channelCount
        var straight = pixel
        if source.format.hasAlpha {
            let alpha = pixel[channelCount - 1]
            straight *= alpha > 0 ? Float(Sample.max) / alpha : 0
            straight[channelCount - 1] = alpha
        }
        for channel in 0..<channelCount {
            samples[index &+ channel] = straight[channel].rounded(to: Sample.self)
        }
    }
}

/// The weights of a kernel for places between two samples, from a table that is fine enough for
/// straight lines between its entries.
private struct KernelTable: Sendable {
    /// The samples that are weighed, at most six.
    let tapCount: Int

    /// How many of them lie before the sample left of the place.
    let before: Int

    private let phases: [SIMD8<Float>]
    private static let phaseCount = 1024

    init(_ kernel: ResamplingKernel) {
        let radius = Int(kernel.radius.rounded(.up))
        tapCount = 2 * radius
        before = radius - 1
        // Kernels with steps have them at half a sample, between two entries.
        phases = (0...Self.phaseCount + 1).map { phase in
            let fraction = Double(phase) / Double(Self.phaseCount)
            var weights = SIMD8<Double>()
            for tap in 0..<2 * radius {
                weights[tap] = kernel.weight(at: Double(tap - radius + 1) - fraction)
            }
            return SIMD8<Float>(weights / weights.sum())
        }
        isStepped = kernel.radius < 1
    }

    /// Whether weights jump, so that nothing lies between entries.
    private let isStepped: Bool

    @inline(__always)
    func weights(at fraction: Float) -> SIMD8<Float> {
        let position = fraction * Float(Self.phaseCount)
        let index = Int(position)
        if isStepped { return phases[index] }
        let rest = position - Float(index)
        return phases[index] + rest * (phases[index + 1] - phases[index])
    }
}
