internal import Images
internal import Profiling

/// Replaces each sample by the median of a square window.
struct Median: Filter {
    static let definition = FilterDefinition(
        "median", "the median of a square window of 2·radius + 1 pixels, channel by channel",
        value: FilterParameter("radius", "in pixels", .integer(1...50)), example: "median:2"
    ) { arguments throws(FilterError) in Median(radius: arguments.integer("radius")) }

    let name = "median"
    let radius: Int

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        switch radius {
        case 1: MedianOfNineOperation(source: source)
        case 2: MedianOfTwentyFiveOperation(source: source)
        default: MedianHistogramOperation(source: source, radius: radius)
        }
    }
}
