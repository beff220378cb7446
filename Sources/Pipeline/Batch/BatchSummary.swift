internal import Images
public import Profiling

/// Sees each outcome of a run as it comes.
public protocol BatchObserver: Sendable {
    /// Called once, before the first input, with a function that tells the counts so far from any
    /// thread.
    func began(_ counts: @escaping @Sendable () -> BatchCounts)

    /// Called with a sentence that the person should read, such as a fallback that was taken.
    func noted(_ note: String)

    /// Called once for each input that ended, by one thread at a time.
    func ended(_ outcome: ImageOutcome)
}

/// How many inputs there were, and what became of them.
public struct BatchCounts: Hashable, Sendable {
    /// The inputs found so far.
    public internal(set) var found = 0

    /// Whether all inputs have been found.
    public internal(set) var isComplete = false

    /// The bytes of the sources that ended.
    public private(set) var byteCountIn = 0

    /// The bytes of the results.
    public private(set) var byteCountOut = 0

    /// The pixels of the results.
    public private(set) var pixelCount = 0

    private var byStatus = [Int](repeating: 0, count: ImageOutcome.Status.allCases.count)

    /// The inputs that ended so.
    public subscript(status: ImageOutcome.Status) -> Int { byStatus[Self.index(status)] }

    /// The inputs that ended.
    public var done: Int { byStatus.reduce(0, +) }

    mutating func add(_ outcome: ImageOutcome) {
        byStatus[Self.index(outcome.status)] += 1
        byteCountIn += outcome.byteCountIn
        guard outcome.status == .converted else { return }
        byteCountOut += outcome.byteCountOut
        pixelCount += outcome.size?.pixelCount ?? 0
    }

    private static func index(_ status: ImageOutcome.Status) -> Int {
        ImageOutcome.Status.allCases.firstIndex(of: status) ?? 0
    }
}

/// A run that has ended.
public struct BatchSummary: Sendable {
    /// What became of the inputs.
    public let counts: BatchCounts

    /// Where the time went.
    public let profile: Profile

    /// The time from the beginning to the end, in nanoseconds.
    public let wallNanoseconds: Int64

    /// The processor time of all processes of the run.
    public let usage: ProcessUsage

    /// The most memory that all processes held together, in bytes.
    public let peakMemoryByteCount: Int64

    /// Why the run ended before all inputs were done; nil if it did not.
    public let endingReason: RunControl.Reason?
}
