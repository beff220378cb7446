/// Rows as they come out of the compressed stream: each its filter byte, then `bytesPerRow` bytes.
@safe
struct FilteredRows {
    /// The filter byte of the first row.
    let start: UnsafePointer<UInt8>
    /// The bytes of a row without its filter byte.
    let bytesPerRow: Int
    /// The bytes by which filters look to the left, 1, 2, 3, 4, 6 or 8.
    let bytesPerPixel: Int

    /// The first byte after the filter byte of row `y`.
    func row(_ y: Int) -> UnsafePointer<UInt8> {
        unsafe start + (y * (bytesPerRow + 1) + 1)
    }

    /// The filter of row `y`, or nil for a byte that names none.
    func filter(ofRow y: Int) -> PNGRowFilter? {
        unsafe PNGRowFilter(rawValue: start[y * (bytesPerRow + 1)])
    }

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
        var above = unsafe above
        var output = unsafe output
        var y = rows.lowerBound
        while y < rows.upperBound {
            guard let filter = filter(ofRow: y) else { return false }
            var doneCount = 1
            switch filter {
            case .none: unsafe output.update(from: row(y), count: bytesPerRow)
            case .sub: unsafe undoSub(row(y), to: output)
            case .up: unsafe undoUp(row(y), to: output, above: above)
            case .average: unsafe undoAverage(row(y), to: output, above: above)
            case .paeth:
                doneCount = paethRowCount(from: y, below: rows.upperBound)
                unsafe undoPaeth(
                    row(y), rowCount: doneCount, bytesPerRow: bytesPerRow,
                    bytesPerPixel: bytesPerPixel, to: output, above: above)
            }
            y += doneCount
            unsafe output += doneCount * bytesPerRow
            unsafe above = UnsafePointer(output - bytesPerRow)
        }
        return true
    }

    /// The number of rows from `y` on that ``undoPaeth`` takes at once.
    private func paethRowCount(from y: Int, below end: Int) -> Int {
        let most = paethRowsAtOnce(bytesPerPixel: bytesPerPixel)
        guard end - y >= most,
            (1..<most).allSatisfy({ filter(ofRow: y + $0) == .paeth })
        else { return 1 }
        return most
    }

    private func undoSub(
        _ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>
    ) {
        // The count of bytes to the left is a constant in each loop: it then stays in registers.
        switch bytesPerPixel {
        case 1: unsafe undoSub(row, to: output, bytesPerPixel: 1)
        case 2: unsafe undoSub(row, to: output, bytesPerPixel: 2)
        case 3: unsafe undoSub(row, to: output, bytesPerPixel: 3)
        case 4: unsafe undoSub(row, to: output, bytesPerPixel: 4)
        case 6: unsafe undoSub(row, to: output, bytesPerPixel: 6)
        default: unsafe undoSub(row, to: output, bytesPerPixel: 8)
        }
    }

    @inline(__always)
    private func undoSub(
        _ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>, bytesPerPixel: Int
    ) {
        var left = SIMD8<UInt8>()
        var x = 0
        while x + bytesPerPixel <= bytesPerRow {
            for channel in 0..<bytesPerPixel {
                unsafe left[channel] &+= row[x + channel]
                unsafe output[x + channel] = left[channel]
            }
            x += bytesPerPixel
        }
    }

    private func undoUp(
        _ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>,
        above: UnsafePointer<UInt8>
    ) {
        for x in 0..<bytesPerRow { unsafe output[x] = row[x] &+ above[x] }
    }

    private func undoAverage(
        _ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>,
        above: UnsafePointer<UInt8>
    ) {
        switch bytesPerPixel {
        case 1: unsafe undoAverage(row, to: output, above: above, bytesPerPixel: 1)
        case 2: unsafe undoAverage(row, to: output, above: above, bytesPerPixel: 2)
        case 3: unsafe undoAverage(row, to: output, above: above, bytesPerPixel: 3)
        case 4: unsafe undoAverage(row, to: output, above: above, bytesPerPixel: 4)
        case 6: unsafe undoAverage(row, to: output, above: above, bytesPerPixel: 6)
        default: unsafe undoAverage(row, to: output, above: above, bytesPerPixel: 8)
        }
    }

    @inline(__always)
    private func undoAverage(
        _ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>,
        above: UnsafePointer<UInt8>, bytesPerPixel: Int
    ) {
        var left = SIMD8<UInt16>()
        var x = 0
        while x + bytesPerPixel <= bytesPerRow {
            for channel in 0..<bytesPerPixel {
                let mean = unsafe (left[channel] &+ UInt16(above[x + channel])) &>> 1
                left[channel] = unsafe (mean &+ UInt16(row[x + channel])) & 0xFF
                unsafe output[x + channel] = UInt8(truncatingIfNeeded: left[channel])
            }
            x += bytesPerPixel
        }
    }
}
