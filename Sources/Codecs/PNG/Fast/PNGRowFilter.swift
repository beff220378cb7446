/// How a row of a PNG is predicted from its neighbours before it is compressed (PNG, third edition,
/// clause 9.2); the raw value is the byte that begins the row.
enum PNGRowFilter: UInt8, CaseIterable {
    case none = 0
    /// From the pixel to the left.
    case sub = 1
    /// From the pixel above.
    case up = 2
    /// From the mean of those two, rounded down.
    case average = 3
    /// From that of left, above and upper left that is nearest to left + above − upper left.
    case paeth = 4
}
