internal import Images

/// Mirrors an image.
enum Flip {
    static let definition = FilterDefinition(
        "flip", "mirrors the image",
        value: FilterParameter(
            "direction", "horizontal exchanges left and right, vertical top and bottom",
            .choice(["horizontal", "vertical"])),
        example: "flip:horizontal"
    ) { arguments throws(FilterError) in
        Orient(arguments["direction"] == "horizontal" ? .topRight : .bottomLeft, name: "flip")
    }
}
