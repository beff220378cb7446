internal import Images

/// The rows of an image or of a working buffer, one after the other without padding.
///
/// See ``Row`` for why kernels read memory through these two types.
@safe struct Rows<Element: BitwiseCopyable> {
    /// The number of rows.
    let count: Int

    /// The elements of one row.
    let elementsPerRow: Int

    private let elements: Row<Element>

    /// Cuts `elements` into rows of `elementsPerRow` elements; there must be enough of them.
    init(_ elements: Row<Element>, count: Int, elementsPerRow: Int) {
        precondition(
            elements.count >= count * elementsPerRow,
            "\(count) rows of \(elementsPerRow) elements in \(elements.count)")
        self.elements = elements
        self.count = count
        self.elementsPerRow = elementsPerRow
    }

    /// Row `y`, which must exist.
    @inline(__always)
    subscript(y: Int) -> Row<Element> {
        precondition(y >= 0 && y < count, "row \(y) of \(count)")
        return elements[y * elementsPerRow..<(y + 1) * elementsPerRow]
    }

    /// The row nearest to `y`: beyond the border it is the first or the last one.
    @inline(__always)
    func nearest(_ y: Int) -> Row<Element> { self[min(max(y, 0), count - 1)] }

    /// All elements as one run.
    var all: Row<Element> { elements[0..<count * elementsPerRow] }
}

/// Where the pixels of an image lie while an operation runs: memory and what it means.
@safe struct ImageMemory {
    /// What the bytes mean.
    let layout: PixelLayout

    private let start: UnsafeMutableRawPointer

    /// Lends `byteCount` bytes from `start` on, which must hold the layout.
    @unsafe init(start: UnsafeMutableRawPointer, byteCount: Int, layout: PixelLayout) {
        precondition(
            layout.byteCount <= byteCount, "\(layout) needs more than the \(byteCount) bytes here")
        unsafe self.start = start
        self.layout = layout
    }

    /// The rows as samples; `Sample` must be the format's.
    func rows<Sample: PixelSample>(of type: Sample.Type = Sample.self) -> Rows<Sample> {
        precondition(
            MemoryLayout<Sample>.size == layout.format.bytesPerSample, "samples of \(layout)")
        let count = layout.samplesPerRow * layout.height
        let samples = unsafe start.bindMemory(to: Sample.self, capacity: count)
        return Rows(
            unsafe Row(start: samples, count: count), count: layout.height,
            elementsPerRow: layout.samplesPerRow)
    }

    /// The rows as whole pixels; `Pixel` must have the size and stride of the format's.
    func pixels<Pixel: BitwiseCopyable>(of type: Pixel.Type) -> Rows<Pixel> {
        precondition(
            MemoryLayout<Pixel>.stride == layout.format.bytesPerPixel, "pixels of \(layout)")
        let count = layout.size.pixelCount
        let pixels = unsafe start.bindMemory(to: Pixel.self, capacity: count)
        return Rows(
            unsafe Row(start: pixels, count: count), count: layout.height,
            elementsPerRow: layout.width)
    }

    /// The same memory for a layout that is no larger.
    func reinterpreted(as smaller: PixelLayout) -> ImageMemory {
        unsafe ImageMemory(start: start, byteCount: layout.byteCount, layout: smaller)
    }

    /// The rows as bytes.
    var byteRows: Rows<UInt8> {
        let bytes = unsafe start.bindMemory(to: UInt8.self, capacity: layout.byteCount)
        return Rows(
            unsafe Row(start: bytes, count: layout.byteCount), count: layout.height,
            elementsPerRow: layout.bytesPerRow)
    }
}
