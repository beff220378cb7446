internal import Images

/// Replaces colours by their luma.
struct Grayscale: PointFilter {
    static let definition = FilterDefinition(
        "grayscale", "luma of the encoded values; the result has one colour channel",
        value: FilterParameter(
            "weights", "0.2126 R + 0.7152 G + 0.0722 B, or 0.299 R + 0.587 G + 0.114 B",
            .choice(["rec709", "rec601"]), default: "rec709"),
        example: "grayscale"
    ) { arguments throws(FilterError) in
        Grayscale(point: .luma(arguments["weights"] == "rec601" ? .rec601 : .rec709))
    }

    let name = "grayscale"
    let point: PointOperation
}
