/// Multiplies the samples by a factor.
struct Brightness: PointFilter {
    static let definition = FilterDefinition(
        "brightness", "multiplies the samples: v·f",
        value: FilterParameter("factor", "above 1 brighter, below 1 darker", .number(0...100)),
        example: "brightness:1.2"
    ) { arguments throws(FilterError) in
        let factor = arguments.number("factor")
        return Brightness(point: .curve { $0 * factor })
    }

    let name = "brightness"
    let point: PointOperation
}
