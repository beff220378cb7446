internal import Glibc

/// The place of a shared-memory object among the addresses of this process.
///
/// One value owns one mapping and unmaps it when it goes. It knows only bytes; it does not know
/// which of them have memory behind them: that is for its user to keep.
@safe
struct SharedMapping: ~Copyable, @unchecked Sendable {
    // `@unchecked Sendable` holds because `start` has exactly one owner: it can move to another
    // thread, but two threads reach it together only through a shared borrow, which cannot write.
    private let start: UnsafeMutableRawPointer

    /// The addresses that are mapped.
    let byteCount: Int

    /// Maps the first `byteCount` bytes of an object for reading and writing.
    init(of descriptor: borrowing OwnedDescriptor, byteCount: Int) throws(SystemCallError) {
        let start = unsafe mmap(
            nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
            descriptor.rawValue, 0)
        guard let start = unsafe start, unsafe start != MAP_FAILED else { throw .last("mmap") }
        unsafe self.start = unsafe start
        self.byteCount = byteCount
    }

    deinit {
        let result = unsafe munmap(start, byteCount)
        assert(result == 0, "munmap failed on a mapping that only this value owns")
    }

    /// Lends the bytes of `range` for writing while `body` runs.
    mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= byteCount, "bytes beyond the mapping")
        // `self` is held exclusively until `body` returns, so this is the only span.
        var bytes = unsafe MutableRawSpan(
            _unsafeStart: start + range.lowerBound, byteCount: range.count)
        return try body(&bytes)
    }
}
