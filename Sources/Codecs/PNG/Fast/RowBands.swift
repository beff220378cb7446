internal import Images

/// How the filtered rows of an image are divided into bands, each of which is filtered and compressed
/// by itself.
///
/// Between two bands work can be stopped, and memory is needed for one. The division depends on the
/// image's size and form and on the limit alone, never on threads or time.
struct RowBands {
    /// The rows of the image.
    private let height: Int

    /// The rows of a band; the last may have fewer.
    private let rowsPerBand: Int

    /// The bytes of a filtered row.
    private let rowByteCount: Int

    /// The most bytes that are compressed at once: a row that is larger is compressed in pieces.
    let largestPiece: Int

    /// Divides an image evenly.
    ///
    /// - Parameters:
    ///   - header: The size and form of the image.
    ///   - limit: The most bytes of a band, at least 1, if a row does not have more.
    init(_ header: PNGHeader, limit: Int) {
        height = header.size.height
        rowByteCount = header.bytesPerRow + 1
        let mostRows = max(1, limit / rowByteCount)
        let count = (height + mostRows - 1) / mostRows
        rowsPerBand = (height + count - 1) / count
        largestPiece = min(limit, rowsPerBand * rowByteCount)
    }

    /// The number of bands.
    var count: Int { (height + rowsPerBand - 1) / rowsPerBand }

    /// The most pieces that they are compressed in.
    var pieceCount: Int {
        let byteCount = rowsPerBand * rowByteCount
        return count * ((byteCount + largestPiece - 1) / largestPiece)
    }

    /// The rows of a band.
    func rows(of band: Int) -> Range<Int> {
        band * rowsPerBand..<min((band + 1) * rowsPerBand, height)
    }
}
