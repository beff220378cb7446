/// Moves the samples away from middle gray, or towards it.
struct Contrast: PointFilter {
    static let definition = FilterDefinition(
        "contrast", "stretches the samples around the middle: (v − 0.5)·f + 0.5",
        value: FilterParameter("factor", "above 1 more contrast, below 1 less", .number(0...100)),
        example: "contrast:1.3"
    ) { arguments throws(FilterError) in
        let factor = arguments.number("factor")
        return Contrast(point: .curve { ($0 - 0.5) * factor + 0.5 })
    }

    let name = "contrast"
    let point: PointOperation
}
