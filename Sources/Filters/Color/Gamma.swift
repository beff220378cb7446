/// Changes the middle of the range and leaves its ends.
struct Gamma: PointFilter {
    static let definition = FilterDefinition(
        "gamma", "raises the samples to a power: v^(1/g)",
        value: FilterParameter("gamma", "above 1 brighter, below 1 darker", .number(0.01...100)),
        example: "gamma:1.8"
    ) { arguments throws(FilterError) in
        let exponent = 1 / arguments.number("gamma")
        return Gamma(point: .curve { Elementary.pow($0, exponent) })
    }

    let name = "gamma"
    let point: PointOperation
}
