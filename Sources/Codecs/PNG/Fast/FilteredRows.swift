/// Rows as they come out of the compressed stream: each its filter byte, then `bytesPerRow` bytes.
///
/// The memory belongs to whoever made the value, and must outlive it.
@safe
struct FilteredRows {
    /// The filter byte of the first row.
    let start: UnsafePointer<UInt8>

    /// The bytes of a row without its filter byte.
    let bytesPerRow: Int

    /// The bytes by which filters look to the left, 1, 2, 3, 4, 6 or 8.
    let bytesPerPixel: Int

    /// Undoes the filters of `rows` (PNG, third edition, clause 9.2).
    ///
    /// - Parameters:
    ///   - rows: The rows to do, numbered as in this value.
    ///   - output: Where the first of them goes; the others follow without gaps.
    ///   - above: The row above the first one, already undone; zeros above the top.
    /// - Returns: False, with `output` half written, if a row's filter byte names no filter.
    func undo(
        _ rows: Range<Int>, to output: UnsafeMutablePointer<UInt8>, above: UnsafePointer<UInt8>
    ) -> Bool {
        // The distance to the left is a constant in each: the loops then keep pixels in registers.
        switch bytesPerPixel {
        case 1: unsafe RowFilterUndo<1>(self).undo(rows, to: output, above: above)
        case 2: unsafe RowFilterUndo<2>(self).undo(rows, to: output, above: above)
        case 3: unsafe RowFilterUndo<3>(self).undo(rows, to: output, above: above)
        case 4: unsafe RowFilterUndo<4>(self).undo(rows, to: output, above: above)
        case 6: unsafe RowFilterUndo<6>(self).undo(rows, to: output, above: above)
        default: unsafe RowFilterUndo<8>(self).undo(rows, to: output, above: above)
        }
    }
}
