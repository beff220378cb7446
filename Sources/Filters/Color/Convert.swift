internal import Images
internal import Profiling

/// Gives an image the channels and the bit depth that an encoder needs.
struct Convert: Filter {
    let name = "convert"
    private let format: PixelFormat
    private let background: Color

    /// - Parameters:
    ///   - format: The format of the result.
    ///   - background: What alpha is laid over where the result has none.
    init(to format: PixelFormat, background: Color) {
        self.format = format
        self.background = background
    }

    func resultFormat(for format: PixelFormat) -> PixelFormat { self.format }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        guard source.format != format else { return nil }
        return ConvertOperation(
            source: source,
            result: try context.layout(
                width: source.width, height: source.height, format: format, for: name),
            background: background)
    }
}

private struct ConvertOperation: RowOperation {
    let source: PixelLayout
    let result: PixelLayout
    let background: Color

    /// Memory is never of two types at a time.
    var mayReplaceSource: Bool { source.format.bitsPerSample == result.format.bitsPerSample }

    func run(
        rows: Range<Int>, from source: ImageMemory, to result: ImageMemory,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        switch (self.source.format.bitsPerSample, self.result.format.bitsPerSample) {
        case (8, 8):
            try run(rows, source.rows(of: UInt8.self), result.rows(of: UInt8.self), checkpoint)
        case (8, _):
            try run(rows, source.rows(of: UInt8.self), result.rows(of: UInt16.self), checkpoint)
        case (_, 8):
            try run(rows, source.rows(of: UInt16.self), result.rows(of: UInt8.self), checkpoint)
        default:
            try run(rows, source.rows(of: UInt16.self), result.rows(of: UInt16.self), checkpoint)
        }
    }

    private func run<Source: PixelSample, Result: PixelSample>(
        _ rows: Range<Int>, _ source: Rows<Source>, _ result: Rows<Result>,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let (from, to) = (self.source.format, self.result.format)
        let behind = SamplePixel<Source>(background)
        for y in rows {
            try checkpoint.check(atRow: y)
            let (samples, target) = (source[y], result[y])
            for x in 0..<self.source.width {
                var pixel = SamplePixel(samples, at: x * from.channelCount, format: from)
                if from.hasAlpha && !to.hasAlpha { pixel = pixel.laid(over: behind) }
                pixel.write(to: target, at: x * to.channelCount, format: to)
            }
        }
    }
}

/// One pixel with all channels, whatever format it comes from.
struct SamplePixel<Sample: PixelSample> {
    var red: Sample
    var green: Sample
    var blue: Sample
    var alpha: Sample

    @inline(__always)
    init(_ samples: Row<Sample>, at index: Int, format: PixelFormat) {
        red = samples[index]
        green = format.isColor ? samples[index &+ 1] : red
        blue = format.isColor ? samples[index &+ 2] : red
        alpha = format.hasAlpha ? samples[index &+ format.channelCount &- 1] : .max
    }

    init(_ color: Color) {
        red = color.red.scaled(to: Sample.self)
        green = color.green.scaled(to: Sample.self)
        blue = color.blue.scaled(to: Sample.self)
        alpha = color.alpha.scaled(to: Sample.self)
    }

    @inline(__always)
    func laid(over background: SamplePixel) -> SamplePixel {
        @inline(__always)
        func mix(_ front: Sample, _ back: Sample) -> Sample {
            let white = UInt32(Sample.max)
            let sum =
                UInt32(front) &* UInt32(alpha) &+ UInt32(back) &* (white &- UInt32(alpha))
            return Sample(truncatingIfNeeded: (sum &+ white / 2) / white)
        }
        var mixed = self
        mixed.red = mix(red, background.red)
        mixed.green = mix(green, background.green)
        mixed.blue = mix(blue, background.blue)
        mixed.alpha = .max
        return mixed
    }

    @inline(__always)
    func write<Result: PixelSample>(to samples: Row<Result>, at index: Int, format: PixelFormat) {
        if format.isColor {
            samples[index] = red.scaled(to: Result.self)
            samples[index &+ 1] = green.scaled(to: Result.self)
            samples[index &+ 2] = blue.scaled(to: Result.self)
        } else {
            let isGray = red == green && green == blue
            samples[index] = (isGray ? red : Luma.rec709(red, green, blue)).scaled(to: Result.self)
        }
        if format.hasAlpha {
            samples[index &+ format.channelCount &- 1] = alpha.scaled(to: Result.self)
        }
    }
}

extension PixelSample {
    /// The sample at another depth: 8 bits become 16 without loss, 16 bits become 8 rounded.
    @inline(__always)
    func scaled<Result: PixelSample>(to type: Result.Type) -> Result {
        if Self.bitWidth == Result.bitWidth { return Result(truncatingIfNeeded: self) }
        if Result.bitWidth > Self.bitWidth {
            return Result(truncatingIfNeeded: UInt32(truncatingIfNeeded: self) &* 257)
        }
        return Result(
            truncatingIfNeeded: (UInt32(truncatingIfNeeded: self) &* 255 &+ 32767) / 65535)
    }
}
