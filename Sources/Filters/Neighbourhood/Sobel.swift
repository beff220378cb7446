internal import Images
internal import Profiling

/// Shows edges: how steeply the luma changes.
struct Sobel: Filter {
    static let definition = FilterDefinition(
        "sobel", "the length of the gradient of luma, √(gx² + gy²); gray output", example: "sobel"
    ) { _ throws(FilterError) in Sobel() }

    let name = "sobel"

    func resultFormat(for format: PixelFormat) -> PixelFormat { format.withoutColor }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        SobelOperation(
            source: source,
            result: try context.layout(
                width: source.width, height: source.height,
                format: resultFormat(for: source.format), for: name))
    }
}

private struct SobelOperation: SampleOperation {
    let source: PixelLayout
    let result: PixelLayout

    var scratchByteCount: Int { 3 * (source.width + 2) * 4 + 256 }

    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let channelCount = self.source.format.channelCount
        let isColor = self.source.format.isColor
        let hasAlpha = self.source.format.hasAlpha
        let width = self.source.width
        // Luma is kept as a sum of weights, since rounding it would show in the gradient.
        let ring: Rows<Float> = scratch.takeRows(3, elementsPerRow: width + 2)
        func prepare(_ y: Int) {
            let samples = source.nearest(y)
            let luma = ring[(y + 3) % 3]
            for x in 0..<width {
                let pixel = x * channelCount
                luma[x + 1] =
                    isColor
                    ? Float(
                        Luma.rec709.sum(samples[pixel], samples[pixel + 1], samples[pixel + 2]))
                        / 65536 : Float(samples[pixel])
            }
            luma[0] = luma[1]
            luma[width + 1] = luma[width]
        }
        prepare(-1)
        prepare(0)
        for y in 0..<source.count {
            try checkpoint.check(atRow: y)
            prepare(y + 1)
            let (above, middle, below) = (ring[(y + 2) % 3], ring[y % 3], ring[(y + 1) % 3])
            let target = result[y]
            for x in 0..<width {
                let right = above[x + 2] + 2 * middle[x + 2] + below[x + 2]
                let left = above[x] + 2 * middle[x] + below[x]
                let top = above[x] + 2 * above[x + 1] + above[x + 2]
                let bottom = below[x] + 2 * below[x + 1] + below[x + 2]
                let (gx, gy) = (right - left, bottom - top)
                let length = (gx * gx + gy * gy).squareRoot().rounded(to: Sample.self)
                if hasAlpha {
                    target[2 * x] = length
                    target[2 * x + 1] = source[y][x * channelCount + channelCount - 1]
                } else {
                    target[x] = length
                }
            }
        }
    }
}
