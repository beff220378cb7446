internal import Filters
public import Images
public import Profiling

/// Where filters run, and the memory that they run in: this thread and the heap, or a child process
/// and a shared segment.
///
/// One executor belongs to one lane and is used on the lane's thread only. For each attempt at an
/// image, or at several small ones, the lane calls ``makeRoom(byteCount:)``, decodes into the memory,
/// calls ``run(_:checkpoint:)`` and encodes out of the memory. An attempt that throws leaves the
/// memory's content unspecified: the lane decodes again.
public protocol FilterExecutor: ~Copyable {
    /// Makes sure that the memory holds `byteCount` bytes, and that somebody is there to filter.
    mutating func makeRoom(byteCount: Int) throws(WorkerError)

    /// Lends a part of the memory, for which room was made.
    mutating func withMemory<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result

    /// The most images that gain by being filtered in one run: 1 where a run costs nothing but its
    /// filters.
    var largestGroup: Int { get }

    /// Frees memory beyond `byteCount` bytes, which a large image took; between two images.
    mutating func giveBack(beyond byteCount: Int)

    /// Runs the plans of a group on the pixels in the memory.
    ///
    /// - Parameters:
    ///   - group: At least one image, whose source lies at the start of its frame.
    ///   - checkpoint: When the attempt must end.
    /// - Returns: For each image the layout of the result, which lies at the plan's offset in the
    ///   frame, and the time that it took where it ran.
    /// - Throws: ``WorkerError`` if the attempt came to nothing; it does not tell at which image.
    mutating func run(
        _ group: FilterGroup, checkpoint: Checkpoint
    ) throws(WorkerError) -> [FilterRun]
}

/// A finished run of a plan.
public struct FilterRun: Hashable, Sendable {
    /// What the bytes at the plan's result offset mean.
    public let result: PixelLayout

    /// When the first filter began, on the clock that all processes share.
    public let start: MonotonicInstant

    /// When the last filter ended.
    public let end: MonotonicInstant

    /// The filters in the order in which they ran, one after the other from ``start`` on.
    public let steps: [Step]

    /// The child that ran them; nil for the lane's own thread.
    public internal(set) var worker: CInt?

    /// One filter of a run.
    public struct Step: Hashable, Sendable {
        /// Which filter of the plan it was; a child may claim anything.
        public let filterIndex: Int

        /// When it ended.
        public let end: MonotonicInstant
    }

    package init(
        result: PixelLayout, start: MonotonicInstant, end: MonotonicInstant, steps: [Step] = []
    ) {
        self.result = result
        self.start = start
        self.end = end
        self.steps = steps
    }
}
