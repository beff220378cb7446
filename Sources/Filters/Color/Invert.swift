/// Makes a negative.
struct Invert: PointFilter {
    static let definition = FilterDefinition(
        "invert", "makes a negative: 1 − v", example: "invert"
    ) { _ throws(FilterError) in Invert() }

    let name = "invert"
    let point = PointOperation.curve { 1 - $0 }
}
