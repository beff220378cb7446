/// Leaves a few evenly spaced values.
struct Posterize: PointFilter {
    static let definition = FilterDefinition(
        "posterize", "leaves n values: round(v·(n − 1))/(n − 1)",
        value: FilterParameter("levels", "how many values", .integer(2...65536)),
        example: "posterize:4"
    ) { arguments throws(FilterError) in
        let steps = Double(arguments.integer("levels") - 1)
        return Posterize(point: .curve { ($0 * steps).rounded() / steps })
    }

    let name = "posterize"
    let point: PointOperation
}
