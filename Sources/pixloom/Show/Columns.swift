/// Two columns of text, the second wrapped between words.
enum Columns {
    /// The columns of a line, which manuals on most terminals fit.
    private static let width = 100

    /// The lines of a table.
    ///
    /// - Parameters:
    ///   - rows: What stands left and right.
    ///   - indent: The spaces before the left column.
    /// - Returns: Lines of at most 100 characters, where words allow it.
    static func lines(_ rows: [(String, String)], indent: Int = 0) -> [String] {
        let start = indent + (rows.map(\.0.count).max() ?? 0) + 2
        return rows.flatMap { left, right in
            let wrapped = wrap(right, within: width - start)
            let first = String(repeating: " ", count: indent) + left
            return wrapped.enumerated().map { number, text in
                let lead = number == 0 ? first : ""
                return lead + String(repeating: " ", count: start - lead.count) + text
            }
        }
    }

    private static func wrap(_ text: String, within width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.isEmpty ? [""] : lines
    }
}
