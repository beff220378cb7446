internal import Images

/// Turns an image clockwise.
enum Rotate {
    static let definition = FilterDefinition(
        "rotate", "turns the image clockwise",
        value: FilterParameter("angle", "degrees", .number(-360...360)), example: "rotate:90"
    ) { arguments throws(FilterError) in
        switch (arguments.number("angle") + 360).truncatingRemainder(dividingBy: 360) {
        case 0: Orient(.topLeft, name: "rotate")
        case 90: Orient(.rightTop, name: "rotate")
        case 180: Orient(.bottomRight, name: "rotate")
        case 270: Orient(.leftBottom, name: "rotate")
        default: throw arguments.invalid("angle", allowed: "90, 180 or 270")
        }
    }
}
