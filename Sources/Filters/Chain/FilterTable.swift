/// All filters: the one table that parses, documents and makes them.
public enum FilterTable {
    /// The definitions in the order of the manual.
    public static let all: [FilterDefinition] = [
        Resize.definition, Crop.definition, Pad.definition, Rotate.definition, Flip.definition,
        Trim.definition,
        Grayscale.definition, Brightness.definition, Contrast.definition, Gamma.definition,
        Saturation.definition, Levels.definition, Invert.definition, Threshold.definition,
        Posterize.definition, Sepia.definition, Normalize.definition,
        Equalize.definition, Clahe.definition, BoxBlur.definition,
        GaussianBlur.definition, Unsharp.definition, Convolve.definition, Median.definition,
        Erode.definition, Dilate.definition, Sobel.definition, Laplacian.definition,
        Emboss.definition, Bilateral.definition, NonLocalMeans.definition,
    ]

    /// The definition of a filter, or nil where there is none of that name.
    public static func definition(named name: String) -> FilterDefinition? {
        all.first { $0.name == name }
    }

    /// Makes the filter that a specification asks for.
    static func filter(_ specification: String) throws(FilterError) -> any Filter {
        let end = specification.firstIndex { $0 == ":" || $0 == "," } ?? specification.endIndex
        let name = String(specification[..<end])
        guard let definition = definition(named: name) else {
            throw .unknownFilter(name: name, nearest: nearest(to: name))
        }
        var value: String?
        var pairs: [(key: String, value: String)] = []
        if end < specification.endIndex {
            let isAfterColon = specification[end] == ":"
            let parts = specification[specification.index(after: end)...]
                .split(separator: ",", omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() {
                if let equals = part.firstIndex(of: "=") {
                    pairs.append(
                        (String(part[..<equals]), String(part[part.index(after: equals)...])))
                } else if index == 0 && isAfterColon {
                    value = String(part)
                } else {
                    throw .unexpectedArgument(filter: name, argument: String(part))
                }
            }
        }
        return try definition.make(
            FilterArguments(of: definition, value: value, pairs: pairs))
    }

    /// The known name with the fewest changed letters, if there are at most two.
    private static func nearest(to name: String) -> String? {
        all.map { (name: $0.name, distance: editDistance($0.name, name)) }
            .filter { $0.distance <= 2 }
            .min { $0.distance < $1.distance }?.name
    }

    /// The number of letters to insert, remove or change to make one word of the other
    /// (Levenshtein).
    private static func editDistance(_ first: String, _ second: String) -> Int {
        let second = Array(second.utf8)
        var previous = Array(0...second.count)
        for (row, letter) in first.utf8.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                current.append(
                    min(
                        current[column] + 1, previous[column + 1] + 1,
                        previous[column] + (letter == other ? 0 : 1)))
            }
            previous = current
        }
        return previous[second.count]
    }
}
