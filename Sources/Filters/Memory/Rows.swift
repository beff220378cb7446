internal import Images

/// The rows of an image or of a working buffer, one after the other without padding.
///
/// Of an image that is worked on in bands only some rows are in memory: those that are `held`.
///
/// See ``Row`` for why kernels read memory through these two types.
@safe struct Rows<Element: BitwiseCopyable> {
    /// The number of rows, whether they are held or not.
    let count: Int

    /// The elements of one row.
    let elementsPerRow: Int

    /// The rows that are in memory.
    let held: Range<Int>

    private let elements: Row<Element>

    /// Cuts `elements` into rows of `elementsPerRow` elements; there must be enough of them.
    init(_ elements: Row<Element>, count: Int, elementsPerRow: Int) {
        self.init(elements, held: 0..<count, count: count, elementsPerRow: elementsPerRow)
    }

    /// Cuts `elements` into the rows that are held of `count` ones.
    init(_ elements: Row<Element>, held: Range<Int>, count: Int, elementsPerRow: Int) {
        precondition(
            elements.count >= held.count * elementsPerRow,
            "\(held.count) rows of \(elementsPerRow) elements in \(elements.count)")
        self.elements = elements
        self.held = held
        self.count = count
        self.elementsPerRow = elementsPerRow
    }

    /// Row `y`, which must be held.
    @inline(__always)
    subscript(y: Int) -> Row<Element> {
        precondition(
            y >= held.lowerBound && y < held.upperBound,
            "row \(y) of \(count), of which \(held) are held")
        let start = (y - held.lowerBound) * elementsPerRow
        return elements[start..<start + elementsPerRow]
    }

    /// The row nearest to `y`: beyond the border it is the first or the last one.
    @inline(__always)
    func nearest(_ y: Int) -> Row<Element> { self[min(max(y, 0), count - 1)] }

    /// Asks for the row after row `y` to be brought near, if it is held and rows are too many to be
    /// in the third-level cache already: there the hint takes more time than it saves.
    ///
    /// - Parameters:
    ///   - y: The row that is being read.
    ///   - columns: The elements that are read of each row: all if nil.
    func prefetch(after y: Int, _ columns: Range<Int>? = nil) {
        let byteCount = held.count &* elementsPerRow &* MemoryLayout<Element>.stride
        guard byteCount > 16 << 20, y + 1 < held.upperBound else { return }
        self[y + 1][columns ?? 0..<elementsPerRow].prefetch()
    }

    /// All elements that are held, as one run.
    var all: Row<Element> { elements[0..<held.count * elementsPerRow] }
}

/// Where the pixels of an image, or some rows of them, lie while an operation runs: memory and what
/// it means.
@safe struct ImageMemory {
    /// What the bytes mean.
    let layout: PixelLayout

    /// The rows that are in memory.
    let held: Range<Int>

    private let start: UnsafeMutableRawPointer

    /// Lends `byteCount` bytes from `start` on, which must hold the layout.
    @unsafe init(start: UnsafeMutableRawPointer, byteCount: Int, layout: PixelLayout) {
        unsafe self.init(
            start: start, byteCount: byteCount, layout: layout, held: 0..<layout.height)
    }

    /// Lends `byteCount` bytes from `start` on, which must hold some rows of the layout.
    @unsafe init(
        start: UnsafeMutableRawPointer, byteCount: Int, layout: PixelLayout, held: Range<Int>
    ) {
        precondition(
            held.count * layout.bytesPerRow <= byteCount,
            "rows \(held) of \(layout) need more than the \(byteCount) bytes here")
        unsafe self.start = start
        self.layout = layout
        self.held = held
    }

    /// The rows as samples; `Sample` must be the format's.
    func rows<Sample: PixelSample>(of type: Sample.Type = Sample.self) -> Rows<Sample> {
        precondition(
            MemoryLayout<Sample>.size == layout.format.bytesPerSample, "samples of \(layout)")
        return rows(of: type, elementsPerRow: layout.samplesPerRow)
    }

    /// The rows as whole pixels; `Pixel` must have the size and stride of the format's.
    func pixels<Pixel: BitwiseCopyable>(of type: Pixel.Type) -> Rows<Pixel> {
        precondition(
            MemoryLayout<Pixel>.stride == layout.format.bytesPerPixel, "pixels of \(layout)")
        return rows(of: type, elementsPerRow: layout.width)
    }

    /// The rows as bytes.
    var byteRows: Rows<UInt8> { rows(of: UInt8.self, elementsPerRow: layout.bytesPerRow) }

    /// The same memory for a layout that is no larger.
    func reinterpreted(as smaller: PixelLayout) -> ImageMemory {
        unsafe ImageMemory(start: start, byteCount: layout.byteCount, layout: smaller)
    }

    /// Moves rows to their places in this memory from where they were when row `first` was the
    /// first one that was held.
    func moveRows(_ rows: Range<Int>, from first: Int) {
        guard !rows.isEmpty, first != held.lowerBound else { return }
        let to = (rows.lowerBound - held.lowerBound) * layout.bytesPerRow
        let from = (rows.lowerBound - first) * layout.bytesPerRow
        let byteCount = rows.count * layout.bytesPerRow
        precondition(
            from >= 0 && to >= 0 && max(from, to) + byteCount <= held.count * layout.bytesPerRow,
            "rows \(rows) were not all held from \(first) on")
        unsafe (start + to).copyMemory(from: start + from, byteCount: byteCount)
    }

    private func rows<Element: BitwiseCopyable>(
        of type: Element.Type, elementsPerRow: Int
    ) -> Rows<Element> {
        let count = held.count * elementsPerRow
        let elements = unsafe start.bindMemory(to: type, capacity: count)
        return Rows(
            unsafe Row(start: elements, count: count), held: held, count: layout.height,
            elementsPerRow: elementsPerRow)
    }
}
