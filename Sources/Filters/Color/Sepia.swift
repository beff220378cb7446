/// Makes an image look like an old print.
struct Sepia: PointFilter {
    static let definition = FilterDefinition(
        "sepia", "the colour matrix of the W3C Filter Effects Module; gray becomes coloured",
        value: FilterParameter("amount", "0 for none, 1 for all", .number(0...1), default: "1"),
        example: "sepia:0.8"
    ) { arguments throws(FilterError) in
        let rest = 1 - arguments.number("amount")
        return Sepia(
            point: .matrix(
                ColorMatrix(
                    red: [0.393 + 0.607 * rest, 0.769 - 0.769 * rest, 0.189 - 0.189 * rest],
                    green: [0.349 - 0.349 * rest, 0.686 + 0.314 * rest, 0.168 - 0.168 * rest],
                    blue: [0.272 - 0.272 * rest, 0.534 - 0.534 * rest, 0.131 + 0.869 * rest]),
                colorsGray: true))
    }

    let name = "sepia"
    let point: PointOperation
}
