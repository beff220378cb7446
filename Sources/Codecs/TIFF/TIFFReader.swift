internal import CTIFF
internal import Images
internal import Profiling

/// Decodes the strips or tiles of a page through libtiff.
struct TIFFReader: ~Copyable {
    private let page: TIFFPage
    private let samples: TIFFSamples
    private let checkpoint: Checkpoint
    private var block: [UInt8]

    private static let rowsBetweenChecks = 16

    /// Finds the memory for one row or tile, and the palette.
    init(
        _ page: TIFFPage, of file: borrowing TIFFHandle, checkpoint: Checkpoint
    ) throws(CodecError) {
        self.page = page
        self.checkpoint = checkpoint
        let palette = page.color == .palette ? try Self.palette(of: file, page) : []
        samples = TIFFSamples(of: page, palette: palette)
        block = [UInt8](repeating: 0, count: page.blockByteCount)
    }

    /// Decodes all pixels.
    mutating func read(
        from file: borrowing TIFFHandle, into pixels: inout MutableRawSpan
    ) throws(CodecError) {
        for plane in 0..<page.planeCount {
            if let tileSize = page.tileSize {
                try readTiles(of: tileSize, plane: plane, from: file, into: &pixels)
            } else {
                try readRows(plane: plane, from: file, into: &pixels)
            }
        }
        for y in 0..<page.layout.height {
            samples.finish(row: page.layout.byteRange(ofRow: y), of: &pixels)
        }
    }

    private mutating func readRows(
        plane: Int, from file: borrowing TIFFHandle, into pixels: inout MutableRawSpan
    ) throws(CodecError) {
        for y in 0..<page.layout.height {
            if y.isMultiple(of: Self.rowsBetweenChecks) { try check() }
            guard unsafe pixloom_tiff_read_row(file.pointer, &block, UInt32(y), UInt16(plane))
            else { throw damaged(in: y, file) }
            samples.place(
                TIFFSamples.Run(
                    count: page.layout.width, start: 0, plane: plane,
                    offset: page.layout.byteRange(ofRow: y).lowerBound),
                from: block, into: &pixels)
        }
    }

    private mutating func readTiles(
        of size: ImageSize, plane: Int, from file: borrowing TIFFHandle,
        into pixels: inout MutableRawSpan
    ) throws(CodecError) {
        let bytesPerTileRow = page.blockByteCount / size.height
        for top in stride(from: 0, to: page.layout.height, by: size.height) {
            for left in stride(from: 0, to: page.layout.width, by: size.width) {
                try check()
                guard
                    unsafe pixloom_tiff_read_tile(
                        file.pointer, &block, UInt32(left), UInt32(top), UInt16(plane))
                else { throw damaged(in: top, file) }
                for y in top..<min(top + size.height, page.layout.height) {
                    let row = page.layout.byteRange(ofRow: y).lowerBound
                    samples.place(
                        TIFFSamples.Run(
                            count: min(size.width, page.layout.width - left),
                            start: (y - top) * bytesPerTileRow, plane: plane,
                            offset: row + left * page.layout.format.bytesPerPixel),
                        from: block, into: &pixels)
                }
            }
        }
    }

    private func check() throws(CodecError) {
        do { try checkpoint.check() } catch { throw .interrupted(error) }
    }

    private func damaged(in row: Int, _ file: borrowing TIFFHandle) -> CodecError {
        .malformed(
            .tiff,
            "the pixel data is damaged in row \(row) of \(page.layout.height): \(file.message)")
    }

    /// The colours of all 256 indices; numbers of 16 bits are cut to 8.
    private static func palette(
        of file: borrowing TIFFHandle, _ page: TIFFPage
    ) throws(CodecError) -> [SIMD4<UInt8>] {
        var (red, green, blue):
            (UnsafePointer<UInt16>?, UnsafePointer<UInt16>?, UnsafePointer<UInt16>?)
        guard unsafe pixloom_tiff_color_map(file.pointer, &red, &green, &blue),
            let red = unsafe red, let green = unsafe green, let blue = unsafe blue
        else { throw .malformed(.tiff, "the first page has indices but no tag ColorMap") }
        var palette = [SIMD4<UInt8>](repeating: [0, 0, 0, 255], count: 256)
        for index in 0..<1 << page.bitsPerSample {
            palette[index] = unsafe [
                UInt8(red[index] >> 8), UInt8(green[index] >> 8), UInt8(blue[index] >> 8), 255,
            ]
        }
        return palette
    }
}
