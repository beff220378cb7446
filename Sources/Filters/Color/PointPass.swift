internal import Images
internal import Profiling

/// One pass over an image that does what several point filters do, each of them rounding.
struct PointPass: SampleRowOperation {
    let source: PixelLayout
    let result: PixelLayout
    private let steps: [Step]

    /// A point operation that is bound to a bit depth.
    private enum Step: Sendable {
        case table(SampleTable)
        case matrix(ColorMatrix)
        case luma(Luma)
        case repeatGray

        /// Whether it writes other channels than it reads.
        var reshapes: Bool {
            switch self {
            case .luma, .repeatGray: true
            case .table, .matrix: false
            }
        }

        /// Whether it needs the colours of a pixel together.
        var mixesColors: Bool {
            switch self {
            case .luma, .matrix: true
            case .table, .repeatGray: false
            }
        }
    }

    /// Makes the pass, or nil where nothing is to be done.
    init?(
        _ filters: [any PointFilter], on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) {
        var steps: [Step] = []
        var format = source.format
        for filter in filters {
            switch filter.point {
            case .curve(let curve):
                let table = SampleTable(of: curve, bitsPerSample: format.bitsPerSample)
                if case .table(let previous) = steps.last {
                    steps[steps.count - 1] = .table(previous.followed(by: table))
                } else {
                    steps.append(.table(table))
                }
            case .matrix(let matrix, let colorsGray):
                if colorsGray && !format.isColor { steps.append(.repeatGray) }
                if colorsGray || format.isColor { steps.append(.matrix(matrix)) }
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

    private var reshapes: Bool { steps.contains(where: \.reshapes) }
    private var mixesColors: Bool { steps.contains(where: \.mixesColors) }

    var worksInPlace: Bool { !reshapes }

    /// Two rows of the most channels, for what lies between the first and the last new shape.
    var scratchByteCount: Int {
        (reshapes ? 2 * ScratchMemory.byteCount(4 * source.width, of: UInt16.self) : 0)
            + (mixesColors ? ColorPlanes<UInt16>.scratchByteCount(width: source.width) : 0)
    }

    var mayReplaceSource: Bool { true }

    func run<Sample: PixelSample>(
        rows: Range<Int>, from source: Rows<Sample>, to result: Rows<Sample>,
        scratch: inout ScratchMemory, checkpoint: Checkpoint
    ) throws(Interruption) {
        let width = self.source.width
        let spare: [2 of Row<Sample>] =
            reshapes
            ? [scratch.take(4 * width), scratch.take(4 * width)]
            : [source[rows.lowerBound], source[rows.lowerBound]]
        let planes = mixesColors ? ColorPlanes<Sample>(width: width, scratch: &scratch) : nil
        let lastReshaping = steps.lastIndex(where: \.reshapes)
        for y in rows {
            try checkpoint.check(atRow: y)
            // Nobody reads the source again, so that steps may work in place there too.
            var row = source[y]
            var channelCount = self.source.format.channelCount
            for (index, step) in steps.enumerated() {
                switch step {
                case .table(let table):
                    table.apply(to: row, channelCount: channelCount)
                case .matrix(let matrix):
                    if let planes {
                        planes.split(row, channelCount: channelCount)
                        matrix.apply(to: planes)
                        planes.join(into: row, channelCount: channelCount)
                    }
                case .luma(let luma):
                    channelCount -= 2
                    let target = index == lastReshaping ? result[y] : spare[index & 1]
                    if channelCount == 1 {
                        planes?.split(row, channelCount: 3)
                        planes.map { luma.write($0, to: target[0..<width]) }
                    } else {
                        luma.writeWithAlpha(row, to: target[0..<2 * width])
                    }
                    row = target[0..<width * channelCount]
                case .repeatGray:
                    channelCount += 2
                    let target = index == lastReshaping ? result[y] : spare[index & 1]
                    row.repeatGray(to: target[0..<width * channelCount], channelCount)
                    row = target[0..<width * channelCount]
                }
            }
        }
    }
}

extension Luma {
    /// Writes luma and alpha of pixels of red, green, blue and alpha.
    fileprivate func writeWithAlpha<Sample: PixelSample>(
        _ pixels: Row<Sample>, to gray: Row<Sample>
    ) {
        let width = gray.count / 2
        var x = 0
        if Sample.bitWidth == 8 {
            // The compiler makes no vectors of the loop below.
            while x &+ 8 <= width {
                let bytes = pixels.vector(at: 4 &* x, as: SIMD32<Sample>.self)
                let words = unsafe unsafeBitCast(bytes, to: SIMD8<UInt32>.self)
                let luma = self(
                    words & 0xFF, words &>> 8 & 0xFF, words &>> 16 & 0xFF)
                let pairs = luma | words &>> 16 & 0xFF00
                let result = pairs.evenHalf | pairs.oddHalf &<< 16
                gray.store(unsafe unsafeBitCast(result, to: SIMD16<Sample>.self), at: 2 &* x)
                x &+= 8
            }
        }
        while x < width {
            gray[2 &* x] = self(pixels[4 &* x], pixels[4 &* x &+ 1], pixels[4 &* x &+ 2])
            gray[2 &* x &+ 1] = pixels[4 &* x &+ 3]
            x &+= 1
        }
    }

    /// The luma of eight pixels of 8 bits, rounded.
    @inline(__always)
    private func callAsFunction(
        _ red: SIMD8<UInt32>, _ green: SIMD8<UInt32>, _ blue: SIMD8<UInt32>
    ) -> SIMD8<UInt32> {
        (red &* self.red &+ green &* self.green &+ blue &* self.blue &+ 32768) &>> 16
    }
}

extension Row {
    /// Writes each gray sample three times, and alpha if there is one.
    fileprivate func repeatGray(to colors: Row<Element>, _ channelCount: Int) {
        let grayCount = channelCount - 2
        for x in 0..<colors.count / channelCount {
            for channel in 0..<3 { colors[x * channelCount + channel] = self[x * grayCount] }
            if grayCount == 2 { colors[x * channelCount + 3] = self[x * grayCount + 1] }
        }
    }
}
