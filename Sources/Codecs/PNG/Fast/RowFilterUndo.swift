/// Undoes row filters of pixels with a fixed number of bytes.
@safe
struct RowFilterUndo<let bytesPerPixel: Int> {
    private let start: UnsafePointer<UInt8>
    private let bytesPerRow: Int

    /// Prepares for rows whose pixels have `bytesPerPixel` bytes.
    init(_ rows: FilteredRows) {
        precondition(rows.bytesPerPixel == bytesPerPixel, "rows of other pixels")
        unsafe start = rows.start
        bytesPerRow = rows.bytesPerRow
    }

    /// See ``FilteredRows/undo(_:to:above:)``.
    func undo(
        _ rows: Range<Int>, to output: UnsafeMutablePointer<UInt8>, above: UnsafePointer<UInt8>
    ) -> Bool {
        var above = unsafe above
        var output = unsafe output
        var y = rows.lowerBound
        while y < rows.upperBound {
            guard let filter = filter(ofRow: y) else { return false }
            let row = unsafe start + (y * (bytesPerRow + 1) + 1)
            var doneCount = 1
            switch filter {
            case .none: unsafe output.update(from: row, count: bytesPerRow)
            case .sub: unsafe undoSub(row, to: output)
            case .up: unsafe undoUp(row, to: output, above: above)
            case .average: unsafe undoAverage(row, to: output, above: above)
            case .paeth:
                doneCount = paethRowCount(from: y, below: rows.upperBound)
                unsafe undoPaeth(doneCount, row, to: output, above: above)
            }
            y += doneCount
            unsafe output += doneCount * bytesPerRow
            unsafe above = UnsafePointer(output - bytesPerRow)
        }
        return true
    }

    /// The filter of row `y`, or nil for a byte that names none.
    private func filter(ofRow y: Int) -> PNGRowFilter? {
        unsafe PNGRowFilter(rawValue: start[y * (bytesPerRow + 1)])
    }

    /// The number of Paeth rows from `y` on that are done at once: they fill 16 bytes at most.
    private func paethRowCount(from y: Int, below end: Int) -> Int {
        let last = min(end, y + (bytesPerPixel <= 4 ? 4 : 2))
        return (y..<last).prefix { filter(ofRow: $0) == .paeth }.count
    }

    /// Sums up as many pixels at a time as fit a word.
    private func undoSub(_ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>) {
        let bits = 8 * bytesPerPixel
        let pixelsPerWord = 8 / bytesPerPixel
        let mask = UInt64.max >> (64 - bits)
        // The last pixel before, once for each pixel of the word.
        var left: UInt64 = 0
        var x = 0
        while x &+ 8 <= bytesPerRow {
            var sums = unsafe UInt64(
                littleEndian: UnsafeRawPointer(row + x).loadUnaligned(as: UInt64.self))
            // Each with its neighbour, then with the two before them, and so on.
            sums = addingBytes(sums, sums << bits)
            sums = addingBytes(sums, sums << (2 * bits))
            sums = addingBytes(sums, sums << (4 * bits))
            sums = addingBytes(sums, left)
            // Of three and six bytes a part of a pixel is also written, and then overwritten.
            unsafe UnsafeMutableRawPointer(output + x).storeBytes(
                of: sums.littleEndian, as: UInt64.self)
            let last = sums >> ((pixelsPerWord - 1) * bits) & mask
            left = last
            for _ in 1..<max(pixelsPerWord, 1) { left = left << bits | last }
            x &+= pixelsPerWord * bytesPerPixel
        }
        for i in x..<bytesPerRow {
            unsafe output[i] = row[i] &+ (i < bytesPerPixel ? 0 : output[i - bytesPerPixel])
        }
    }

    private func undoUp(
        _ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>,
        above: UnsafePointer<UInt8>
    ) {
        for x in 0..<bytesPerRow { unsafe output[x] = row[x] &+ above[x] }
    }

    private func undoPaeth(
        _ rowCount: Int, _ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>,
        above: UnsafePointer<UInt8>
    ) {
        switch rowCount {
        case 1:
            unsafe PaethRows<bytesPerPixel, 1>(
                filtered: row, output: output, above: above, bytesPerRow: bytesPerRow
            ).undo()
        case 2:
            unsafe PaethRows<bytesPerPixel, 2>(
                filtered: row, output: output, above: above, bytesPerRow: bytesPerRow
            ).undo()
        case 3:
            unsafe PaethRows<bytesPerPixel, 3>(
                filtered: row, output: output, above: above, bytesPerRow: bytesPerRow
            ).undo()
        default:
            unsafe PaethRows<bytesPerPixel, 4>(
                filtered: row, output: output, above: above, bytesPerRow: bytesPerRow
            ).undo()
        }
    }

    private func undoAverage(
        _ row: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>,
        above: UnsafePointer<UInt8>
    ) {
        var left = SIMD8<UInt16>()
        for x in stride(from: 0, to: bytesPerRow, by: bytesPerPixel) {
            for channel in 0..<bytesPerPixel {
                let mean = unsafe (left[channel] &+ UInt16(above[x + channel])) &>> 1
                left[channel] = unsafe (mean &+ UInt16(row[x + channel])) & 0xFF
                unsafe output[x + channel] = UInt8(truncatingIfNeeded: left[channel])
            }
        }
    }
}

/// The sums of the bytes of two words.
@inline(__always)
private func addingBytes(_ bytes: UInt64, _ others: UInt64) -> UInt64 {
    unsafe unsafeBitCast(
        unsafeBitCast(bytes, to: SIMD8<UInt8>.self)
            &+ unsafeBitCast(others, to: SIMD8<UInt8>.self), to: UInt64.self)
}
