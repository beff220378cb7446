internal import Glibc

/// Heap memory for frames that grows and is kept for the next image.
///
/// It is mapped by itself and never given back to the allocator: the first touch of a fresh page
/// costs ten times what the touch of a used one does.
@safe
struct FrameMemory: ~Copyable {
    private var start: UnsafeMutableRawPointer?
    private var capacity = 0

    deinit { unsafe free(start) }

    /// Makes sure that there are `byteCount` bytes; what they hold is unspecified.
    mutating func grow(to byteCount: Int) {
        guard byteCount > capacity else { return }
        unsafe free(start)
        var grown: UnsafeMutableRawPointer?
        // 2 MiB: the size of a huge page, which a vertical pass over wide rows is glad of.
        let alignment = 2 << 20
        let size = (byteCount + alignment - 1) / alignment * alignment
        let code = unsafe posix_memalign(&grown, alignment, size)
        precondition(code == 0, "no memory for \(size) bytes within the limit of the run")
        unsafe madvise(grown, size, MADV_HUGEPAGE)
        unsafe start = unsafe grown
        capacity = size
    }

    /// Frees the memory if it is larger than `byteCount`; the next image takes what it needs.
    mutating func shrink(to byteCount: Int) {
        guard capacity > byteCount else { return }
        unsafe free(start)
        unsafe start = nil
        capacity = 0
    }

    /// Lends the bytes of `range` while `body` runs.
    mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= capacity,
            "bytes for which no room was made")
        guard let start = unsafe start else {
            var nothing = MutableRawSpan()
            return try body(&nothing)
        }
        // `self` is held exclusively until `body` returns, so this is the only span.
        var bytes = unsafe MutableRawSpan(
            _unsafeStart: start + range.lowerBound, byteCount: range.count)
        return try body(&bytes)
    }
}
