internal import Images

/// Heap memory for what filters keep beside the frame: rings of rows, histograms, sums.
///
/// An executor keeps one for its life and lends it to every run, so that no memory is allocated
/// after the first image of a size. It only grows. It belongs to one thread at a time.
@safe public struct FilterScratch: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer

    /// Makes scratch memory that is empty until a filter needs some.
    public init() {
        unsafe memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// The bytes held now.
    public var byteCount: Int { unsafe memory.count }

    /// Lends `byteCount` bytes, what was in them being lost where they must grow.
    mutating func lend(byteCount: Int) -> ScratchMemory {
        if unsafe memory.count < byteCount {
            unsafe memory.deallocate()
            unsafe memory = UnsafeMutableRawBufferPointer.allocate(
                byteCount: byteCount, alignment: ScratchMemory.alignment)
        }
        return unsafe ScratchMemory(memory)
    }
}

/// It may go to another thread with its owner, since nothing else has the pointer.
extension FilterScratch: @unchecked Sendable {}

/// The scratch memory of one operation, handed out piece by piece.
@safe struct ScratchMemory {
    /// Every piece begins at a multiple of this, a cache line.
    static let alignment = 64

    /// The bytes that an operation may take beside twice its image: what small images need for
    /// tables and tiles.
    static let constantByteCount = 128 << 10

    /// What a plan adds to it: where pieces and images begin, and how long each filter took.
    private static let planByteCount = 256

    /// The rows that an image counts for at least: a few are always at work.
    private static let leastHeight = 64

    /// The bytes that an operation may take to make one image of another.
    static func room(for source: PixelLayout, _ result: PixelLayout) -> Int {
        2 * max(countedByteCount(source), countedByteCount(result)) + constantByteCount
            - planByteCount
    }

    /// The bytes that an operation may take whose result is as large as its source.
    static func room(for image: PixelLayout) -> Int { room(for: image, image) }

    private static func countedByteCount(_ image: PixelLayout) -> Int {
        image.bytesPerRow * max(image.height, leastHeight)
    }

    private let memory: UnsafeMutableRawBufferPointer
    private var used = 0

    fileprivate init(_ memory: UnsafeMutableRawBufferPointer) {
        unsafe self.memory = memory
    }

    /// The bytes that ``take(_:of:)`` uses for `count` elements.
    static func byteCount<Element>(_ count: Int, of type: Element.Type) -> Int {
        (count * MemoryLayout<Element>.stride).roundedUp(to: alignment)
    }

    /// The bytes that ``take(_:of:)`` uses for `count` samples of a format.
    static func byteCount(_ count: Int, samplesOf format: PixelFormat) -> Int {
        byteCount(count * format.bytesPerSample, of: UInt8.self)
    }

    /// Hands out `count` elements with whatever values they have from an earlier use.
    ///
    /// The operation must have announced enough bytes in its `scratchByteCount`.
    mutating func take<Element: BitwiseCopyable>(
        _ count: Int, of type: Element.Type = Element.self
    ) -> Row<Element> {
        let byteCount = Self.byteCount(count, of: type)
        defer { used += byteCount }
        guard let start = unsafe memory.baseAddress, unsafe used + byteCount <= memory.count else {
            preconditionFailure("scratch memory that was not announced")
        }
        return unsafe Row(
            start: (start + used).bindMemory(to: type, capacity: count), count: count)
    }

    /// The bytes from `offset` on as scratch memory of their own.
    func piece(at offset: Int, byteCount: Int) -> ScratchMemory {
        unsafe ScratchMemory(
            UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + byteCount]))
    }

    /// The memory from `offset` on as rows of an image.
    func rows(_ held: Range<Int>, of layout: PixelLayout, at offset: Int) -> ImageMemory {
        guard let start = unsafe memory.baseAddress, unsafe offset <= memory.count else {
            preconditionFailure("scratch memory that was not announced")
        }
        return unsafe ImageMemory(
            start: start + offset, byteCount: memory.count - offset, layout: layout, held: held)
    }

    /// Hands out `count` rows of `elementsPerRow` elements.
    mutating func takeRows<Element: BitwiseCopyable>(
        _ count: Int, elementsPerRow: Int, of type: Element.Type = Element.self
    ) -> Rows<Element> {
        Rows(take(count * elementsPerRow, of: type), count: count, elementsPerRow: elementsPerRow)
    }
}
