/// How the row filters of a whole image are chosen.
enum FilterStrategy: Hashable {
    /// For each row the one with the least sum of absolute differences.
    case leastSum

    /// The same one for all rows.
    case only(PNGRowFilter)

    /// The strategies worth trying for pixels stored like this.
    ///
    /// Neighbours in a palette or within a byte predict nothing (PNG, third edition, clause 12.7),
    /// but a row may repeat the one above.
    static func candidates(for header: PNGHeader) -> [FilterStrategy] {
        header.colorType == .palette || header.bitDepth < 8
            ? [.only(.none), .only(.up)]
            : [.leastSum, .only(.none), .only(.sub), .only(.up), .only(.paeth)]
    }

    /// The strategy that needs no trial.
    static func usual(for header: PNGHeader) -> FilterStrategy { candidates(for: header)[0] }
}
