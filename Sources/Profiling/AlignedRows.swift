/// Rows as lines: the first column flush left, the others flush right, two spaces between.
///
/// A row of one cell is a heading: it does not widen its column.
func aligned(_ rows: [[String]]) -> [String] {
    let full = rows.filter { $0.count > 1 }
    let columnCount = full.map(\.count).max() ?? 0
    let widths = (0..<columnCount).map { column in
        full.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
        let cells = row.enumerated().map { column, cell in
            guard row.count > 1 else { return cell }
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            return column == 0 ? cell + padding : padding + cell
        }
        let line = cells.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
