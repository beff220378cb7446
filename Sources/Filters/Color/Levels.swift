/// Stretches a part of the range over the whole of it.
struct Levels: PointFilter {
    static let definition = FilterDefinition(
        "levels", "stretches black…white over the range: ((v − b)/(w − b))^(1/g)",
        keys: [
            FilterParameter("black", "what becomes 0", .number(0...1), default: "0"),
            FilterParameter("white", "what becomes 1, above black", .number(0...1), default: "1"),
            FilterParameter("gamma", "as in gamma", .number(0.01...100), default: "1"),
        ], example: "levels:black=0.1,white=0.9"
    ) { arguments throws(FilterError) in
        let (black, white) = (arguments.number("black"), arguments.number("white"))
        guard black < white else {
            throw arguments.invalid("white", allowed: "above black, which is \(black)")
        }
        let exponent = 1 / arguments.number("gamma")
        return Levels(
            point: .curve { value in
                let stretched = min(max((value - black) / (white - black), 0), 1)
                return Elementary.pow(stretched, exponent)
            })
    }

    let name = "levels"
    let point: PointOperation
}
