/// Makes colours stronger or weaker.
struct Saturation: PointFilter {
    static let definition = FilterDefinition(
        "saturation", "moves each pixel from its luma (0) over itself (1) and beyond",
        value: FilterParameter("factor", "above 1 stronger, below 1 weaker", .number(0...100)),
        example: "saturation:1.4"
    ) { arguments throws(FilterError) in
        let factor = arguments.number("factor")
        let luma = [0.2126, 0.7152, 0.0722].map { $0 * (1 - factor) }
        return Saturation(
            point: .matrix(
                ColorMatrix(
                    red: [luma[0] + factor, luma[1], luma[2]],
                    green: [luma[0], luma[1] + factor, luma[2]],
                    blue: [luma[0], luma[1], luma[2] + factor]), colorsGray: false))
    }

    let name = "saturation"
    let point: PointOperation
}
