internal import Images
internal import Profiling

/// Turns and mirrors an image by quarter turns: what an EXIF orientation asks for, and `rotate` and
/// `flip`.
struct Orient: Filter {
    let name: String
    private let orientation: Orientation

    init(_ orientation: Orientation, name: String = "orientation") {
        self.orientation = orientation
        self.name = name
    }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        guard orientation != .topLeft else { return nil }
        let size = orientation.exchangesSides ? source.size.transposed : source.size
        return OrientOperation(
            source: source,
            result: try context.layout(
                width: size.width, height: size.height, format: source.format, for: name),
            orientation: orientation)
    }
}

private struct OrientOperation: Operation {
    let source: PixelLayout
    let result: PixelLayout
    let orientation: Orientation

    func run(
        from source: ImageMemory, to result: ImageMemory, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) -> PixelLayout {
        // A pixel is moved as a whole: only its size matters, not what its samples are.
        switch self.source.format.bytesPerPixel {
        case 1: try run(from: source, to: result, pixel: UInt8.self, checkpoint)
        case 2: try run(from: source, to: result, pixel: UInt16.self, checkpoint)
        case 3: try run(from: source, to: result, pixel: Packed3.self, checkpoint)
        case 4: try run(from: source, to: result, pixel: UInt32.self, checkpoint)
        case 6: try run(from: source, to: result, pixel: Packed6.self, checkpoint)
        default: try run(from: source, to: result, pixel: UInt64.self, checkpoint)
        }
        return self.result
    }

    private func run<Pixel: BitwiseCopyable>(
        from source: ImageMemory, to result: ImageMemory, pixel: Pixel.Type,
        _ checkpoint: Checkpoint
    ) throws(Interruption) {
        let source = source.pixels(of: pixel)
        let result = result.pixels(of: pixel)
        let lastX = result.elementsPerRow - 1
        let lastY = result.count - 1
        let (fromRight, fromBottom) = orientation.mirrors
        guard orientation.exchangesSides else {
            for y in 0...lastY {
                try checkpoint.check(atRow: y)
                let row = source[fromBottom ? lastY - y : y]
                let target = result[y]
                if fromRight {
                    for x in 0...lastX { target[x] = row[lastX - x] }
                } else {
                    target.copy(row)
                }
            }
            return
        }
        // Column x of the source becomes row x; a tile of both fits the first-level cache.
        let tile = 16
        for top in stride(from: 0, through: lastY, by: tile) {
            try checkpoint.check()
            for left in stride(from: 0, through: lastX, by: tile) {
                for y in top...min(top + tile - 1, lastY) {
                    let target = result[y]
                    let column = fromBottom ? lastY - y : y
                    for x in left...min(left + tile - 1, lastX) {
                        target[x] = source[fromRight ? lastX - x : x][column]
                    }
                }
            }
        }
    }
}

extension Orientation {
    /// Whether the result's columns run from the source's last, and its rows so too; where sides
    /// are exchanged, a column of the result is a row of the source.
    fileprivate var mirrors: (fromRight: Bool, fromBottom: Bool) {
        switch self {
        case .topLeft, .leftTop: (false, false)
        case .topRight, .rightTop: (true, false)
        case .bottomRight, .rightBottom: (true, true)
        case .bottomLeft, .leftBottom: (false, true)
        }
    }
}

/// Three bytes without padding, for pixels of `rgb8`.
private typealias Packed3 = (UInt8, UInt8, UInt8)

/// Six bytes without padding, for pixels of `rgb16`.
private typealias Packed6 = (UInt16, UInt16, UInt16)
