internal import Images
internal import Profiling

/// A filter whose result at a pixel depends on that pixel alone, so that several in a row are
/// one pass over the image.
protocol PointFilter: Filter {
    /// What is done to each pixel.
    var point: PointOperation { get }
}

/// What a point filter does to each pixel.
///
/// Alpha is left alone.
enum PointOperation: Sendable {
    /// Each colour sample by itself: the new value of a value, both from 0 to 1.
    case curve(@Sendable (Double) -> Double)

    /// Colour to gray.
    case luma(Luma)
}

extension PointFilter {
    func resultFormat(for format: PixelFormat) -> PixelFormat {
        switch point {
        case .luma: format.withoutColor
        case .curve: format
        }
    }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        try PointPass([self], on: source, in: context)
    }
}

/// One pass over an image that does what several point filters do, each of them rounding.
struct PointPass: SampleOperation {
    let source: PixelLayout
    let result: PixelLayout
    private let steps: [PointStep]

    var worksInPlace: Bool { source == result }

    /// Makes the pass, or nil where nothing is to be done.
    init?(
        _ filters: [any PointFilter], on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) {
        var steps: [PointStep] = []
        var format = source.format
        for filter in filters {
            switch filter.point {
            case .curve(let curve):
                let table =
                    format.bitsPerSample == 8
                    ? SampleTable.eight(of: curve) : SampleTable.sixteen(of: curve)
                if case .table(let previous) = steps.last {
                    steps[steps.count - 1] = .table(previous.followed(by: table))
                } else {
                    steps.append(.table(table))
                }
            case .luma(let luma):
                if format.isColor { steps.append(.luma(luma)) }
            }
            format = filter.resultFormat(for: format)
        }
        guard !steps.isEmpty else { return nil }
        self.steps = steps
        self.source = source
        result = try context.layout(
            width: source.width, height: source.height, format: format,
            for: filters.first?.name ?? "")
    }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            // Steps work in place; the one that drops the colours moves on to the result. Nobody
            // reads the source again, so that it may be overwritten.
            var row = source[y]
            var channelCount = self.source.format.channelCount
            for step in steps {
                switch step {
                case .table(let table):
                    table.apply(to: row, channelCount: channelCount)
                case .luma(let luma):
                    let target = result[y]
                    luma.drop(row, channelCount: channelCount, to: target)
                    row = target
                    channelCount -= 2
                }
            }
        }
    }
}

/// A point operation that is bound to a bit depth.
private enum PointStep: Sendable {
    case table(SampleTable)
    case luma(Luma)
}

extension Luma {
    /// Writes luma, and alpha if there is one, for each pixel of a row with colours.
    fileprivate func drop<Sample: PixelSample>(
        _ pixels: Row<Sample>, channelCount: Int, to gray: Row<Sample>
    ) {
        guard channelCount == 4 else {
            write(pixels, channelCount: 3, to: gray)
            return
        }
        for x in 0..<gray.count / 2 {
            gray[2 &* x] = self(pixels[4 &* x], pixels[4 &* x &+ 1], pixels[4 &* x &+ 2])
            gray[2 &* x &+ 1] = pixels[4 &* x &+ 3]
        }
    }
}
