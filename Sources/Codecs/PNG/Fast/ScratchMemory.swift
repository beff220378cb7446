internal import Glibc

/// Memory that is reused from image to image and holds nothing between them.
///
/// It grows and keeps its size: fresh pages cost more than the work done in them. The content is
/// unspecified until written.
@safe
struct ScratchMemory: ~Copyable {
    private var start: UnsafeMutableRawPointer?
    private var capacity = 0

    init() { unsafe start = nil }

    deinit { unsafe free(start) }

    /// The bytes that are kept, for whoever decides to give them back.
    var byteCount: Int { capacity }

    /// Lends `byteCount` bytes with unspecified content while the owner is borrowed, or nil where
    /// there is no memory for them; what was lent before is no longer valid.
    mutating func bytes(_ byteCount: Int) -> UnsafeMutablePointer<UInt8>? {
        if unsafe byteCount > capacity || start == nil {
            release()
            // 64 bytes of slack let vector loops load past the last pixel.
            let (needed, overflow) = byteCount.addingReportingOverflow(Self.slackByteCount)
            guard !overflow else { return nil }
            unsafe start = malloc(needed)
            capacity = unsafe start == nil ? 0 : byteCount
        }
        return unsafe start?.assumingMemoryBound(to: UInt8.self)
    }

    /// Gives the memory back.
    mutating func release() {
        unsafe free(start)
        unsafe start = nil
        capacity = 0
    }

    /// The bytes after the last one lent that may also be read and written.
    static let slackByteCount = 64
}
