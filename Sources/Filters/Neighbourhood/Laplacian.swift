internal import Images

/// Shows edges and spots: how much the luma differs from its neighbours'.
struct Laplacian: Filter {
    static let definition = FilterDefinition(
        "laplacian", "the magnitude of 4·v less the four neighbours of luma; gray output",
        example: "laplacian"
    ) { _ throws(FilterError) in Laplacian() }

    let name = "laplacian"

    func resultFormat(for format: PixelFormat) -> PixelFormat { format.withoutColor }

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        try LumaWindowOperation(on: source, in: context, for: name) {
            above, middle, below, target in
            for x in 0..<target.count {
                let neighbours = above[x &+ 1] + below[x &+ 1] + middle[x] + middle[x &+ 2]
                target[x] = (4 * middle[x &+ 1] - neighbours).magnitude
            }
        }
    }
}
