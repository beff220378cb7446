internal import Images

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
        try LumaWindowOperation(on: source, in: context, for: name) {
            above, middle, below, target in
            for x in 0..<target.count {
                let right = above[x &+ 2] + 2 * middle[x &+ 2] + below[x &+ 2]
                let left = above[x] + 2 * middle[x] + below[x]
                let top = above[x] + 2 * above[x &+ 1] + above[x &+ 2]
                let bottom = below[x] + 2 * below[x &+ 1] + below[x &+ 2]
                let (gx, gy) = (right - left, bottom - top)
                target[x] = (gx * gx + gy * gy).squareRoot()
            }
        }
    }
}
