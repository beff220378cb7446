internal import CLinuxShims

/// The seam between safe code and the kernels: a run of elements in memory.
///
/// Everything in this target gets at memory through this type and ``Rows``, which hold the only
/// pointers. A kernel asks for a row, which checks its bounds once, and then reads and writes
/// elements without a check each, because a check in the innermost loop keeps the compiler from
/// vectorising it. Debug builds do check each element, so that every test is a test of the bounds
/// too.
///
/// A row is valid while the operation runs that was lent the memory; it owns nothing.
@safe struct Row<Element: BitwiseCopyable> {
    private let start: UnsafeMutablePointer<Element>

    /// The number of elements.
    let count: Int

    /// Lends `count` elements at `start`, which must outlive the row.
    @inline(__always)
    @unsafe init(start: UnsafeMutablePointer<Element>, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    subscript(index: Int) -> Element {
        @inline(__always) get {
            assert(index >= 0 && index < count, "element \(index) of \(count)")
            return unsafe start[index]
        }
        @inline(__always) nonmutating set {
            assert(index >= 0 && index < count, "element \(index) of \(count)")
            unsafe start[index] = newValue
        }
    }

    /// The elements from `index` on; `index` may lie before the row's start by no more than what a
    /// larger row around it allows.
    @inline(__always)
    subscript(range: Range<Int>) -> Row<Element> {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "elements \(range) of \(count)")
        return unsafe Row(start: start + range.lowerBound, count: range.count)
    }

    /// The elements from `index` to the end.
    @inline(__always)
    func from(_ index: Int) -> Row<Element> { self[index..<count] }

    /// Reads `Vector.scalarCount` elements from `index` on, as one vector.
    @inline(__always)
    func vector<Vector: SIMD>(at index: Int, as type: Vector.Type = Vector.self) -> Vector
    where Vector.Scalar == Element {
        assert(index >= 0 && index + Vector.scalarCount <= count, "vector \(index) of \(count)")
        return unsafe UnsafeRawPointer(start + index).loadUnaligned(as: Vector.self)
    }

    /// Writes a vector's elements from `index` on.
    @inline(__always)
    func store<Vector: SIMD>(_ vector: Vector, at index: Int) where Vector.Scalar == Element {
        assert(index >= 0 && index + Vector.scalarCount <= count, "vector \(index) of \(count)")
        unsafe UnsafeMutableRawPointer(start + index).storeBytes(of: vector, as: Vector.self)
    }

    /// Asks for all elements to be brought near, for they will be read soon.
    ///
    /// An image that does not fit the caches is read at a third of the memory's speed where each row
    /// is followed by work on it: the processor itself looks no further ahead than a page.
    func prefetch() {
        let bytes = unsafe UnsafeRawPointer(start)
        let cacheLine = 64
        for offset in stride(from: 0, to: count &* MemoryLayout<Element>.stride, by: cacheLine) {
            unsafe pixloom_prefetch(bytes + offset)
        }
    }

    /// Sets every element.
    func fill(with value: Element) { unsafe start.update(repeating: value, count: count) }

    /// Copies all elements of `source`, which may overlap, to the beginning of this row.
    func copy(_ source: Row<Element>) {
        precondition(source.count <= count, "\(source.count) elements into \(count)")
        unsafe start.update(from: source.start, count: source.count)
    }
}

extension Array where Element: BitwiseCopyable {
    /// Lends the elements as a row that must not be written.
    @inline(__always)
    func withRow<Result>(_ body: (Row<Element>) -> Result) -> Result {
        unsafe withUnsafeBufferPointer { elements in
            guard let start = elements.baseAddress else {
                preconditionFailure("a row needs an element")
            }
            return unsafe body(
                Row(start: UnsafeMutablePointer(mutating: start), count: elements.count))
        }
    }
}
