/// The image memory of a run, in three shares: for sources, for frames and for results.
///
/// A source takes room before it is read, a frame before it is decoded and a result when it is
/// handed on; each gives its room back when the next step is done with it. What is larger than its
/// share of encoded bytes waits until it has the share to itself; a frame that is larger than the
/// share of frames is refused.
///
/// **Nobody waits for ever.** Whoever waits for room in one share may hold room in the shares before
/// it, never in those behind it: a lane waits for a frame while it holds a source, and for room for
/// a result while it holds no frame, and before it waits for a frame it hands on all results that
/// it has. Results that were handed on wait for a disk alone, so their share always comes free; then
/// so does that of frames, which only lanes at work hold; then that of sources. One budget for all
/// three could be full of sources that wait for a lane, while each lane waits for a frame.
struct ImageMemory: Sendable {
    /// What there is in all, in bytes.
    let byteCount: Int

    /// For encoded bytes that were read and wait for a lane, or are in one.
    let sources: MemoryBudget

    /// For pixels, and what filters work in.
    let frames: MemoryBudget

    /// For encoded bytes that wait for the store, or are written.
    let results: MemoryBudget

    /// The part of all memory that each share of encoded bytes has.
    private static let encodedPart = 8

    init(byteCount: Int) {
        self.byteCount = byteCount
        let encoded = byteCount / Self.encodedPart
        sources = MemoryBudget(byteCount: encoded)
        results = MemoryBudget(byteCount: encoded)
        frames = MemoryBudget(byteCount: byteCount - 2 * encoded)
    }

    /// The bytes that are taken now.
    var usedByteCount: Int {
        sources.usedByteCount + frames.usedByteCount + results.usedByteCount
    }
}

/// Room for the encoded bytes of an image, given back when the last who refers to it goes.
final class ImageRoom: Sendable {
    private let budget: MemoryBudget
    private let byteCount: Int

    private init(taken byteCount: Int, of budget: MemoryBudget) {
        self.budget = budget
        self.byteCount = byteCount
    }

    /// Takes room if it is there: all of the budget for what is larger.
    static func takenAtOnce(_ byteCount: Int, of budget: MemoryBudget) -> ImageRoom? {
        let byteCount = min(byteCount, budget.byteCount)
        return budget.acquireAtOnce(byteCount) ? ImageRoom(taken: byteCount, of: budget) : nil
    }

    /// Waits until there is room, and takes it.
    convenience init(_ byteCount: Int, of budget: MemoryBudget) {
        let byteCount = min(byteCount, budget.byteCount)
        if !budget.acquireAtOnce(byteCount) { budget.acquire(byteCount) }
        self.init(taken: byteCount, of: budget)
    }

    deinit { budget.release(byteCount) }
}
