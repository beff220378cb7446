public import Filters
public import Profiling

/// Filters on the thread of its lane, in memory of the heap.
public struct InlineExecutor: FilterExecutor, ~Copyable {
    private let chain: FilterChain
    private let byteCountLimit: Int
    private var memory: FrameMemory
    private var scratch = FilterScratch()

    /// Makes an executor without memory.
    ///
    /// - Parameters:
    ///   - chain: The filters of the run.
    ///   - byteCountLimit: The most memory that one image may take.
    public init(chain: FilterChain, byteCountLimit: Int) {
        self.chain = chain
        self.byteCountLimit = byteCountLimit
        self.memory = FrameMemory()
    }

    /// Makes sure that the heap memory holds `byteCount` bytes; it only grows.
    public mutating func makeRoom(byteCount: Int) throws(WorkerError) {
        guard byteCount <= byteCountLimit else {
            throw .memoryLimitExceeded(needed: byteCount, limit: byteCountLimit)
        }
        memory.grow(to: byteCount)
    }

    /// Lends a part of the memory.
    public mutating func withMemory<Result: ~Copyable, Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try memory.withMutableBytes(range, body)
    }

    /// Frees the memory if there is more of it.
    public mutating func giveBack(beyond byteCount: Int) { memory.shrink(to: byteCount) }

    /// 1: nobody has to be asked.
    public var largestGroup: Int { 1 }

    /// Runs the plans here and now.
    public mutating func run(
        _ group: FilterGroup, checkpoint: Checkpoint
    ) throws(WorkerError) -> [FilterRun] {
        var runs: [FilterRun] = []
        for member in group.members { runs.append(try run(member, checkpoint)) }
        return runs
    }

    private mutating func run(
        _ member: FilterGroup.Member, _ checkpoint: Checkpoint
    ) throws(WorkerError) -> FilterRun {
        let start = MonotonicInstant.now
        var steps: [FilterRun.Step] = []
        do throws(FilterError) {
            let result = try memory.withMutableBytes(member.frame) {
                (frame) throws(FilterError) in
                try member.plan.run(
                    in: &frame, scratch: &scratch, checkpoint: checkpoint
                ) {
                    steps.append(FilterRun.Step(filterIndex: $0, end: $1))
                }
            }
            return FilterRun(result: result, start: start, end: .now, steps: steps)
        } catch .interrupted(let interruption) {
            throw .interrupted(interruption)
        } catch {
            throw .filterFailed(error)
        }
    }
}
