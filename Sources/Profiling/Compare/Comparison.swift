/// What was measured of the same work done in several ways: in threads and in processes.
public struct Comparison: Sendable {
    /// The ways, in the order in which they are shown.
    public var contenders: [Contender]

    /// The lanes that each had in its rounds.
    public var jobs: Int

    /// The images of the sample.
    public var imageCount: Int

    /// All images that were found.
    public var foundCount: Int

    /// How often a round goes over the sample: more than once where it is small, so that a round is
    /// long enough to be told from its neighbours.
    public var passCount = 1

    /// The part of lane time that waited for images when the sample was read for the first time;
    /// later rounds find it in memory.
    public var firstIdleShare = 0.0

    /// What happened when a worker was killed; `nil` where no worker was at work.
    public var crash: Crash?

    /// Makes a comparison without rounds.
    public init(_ contenders: [Contender], jobs: Int, imageCount: Int, foundCount: Int) {
        self.contenders = contenders
        self.jobs = jobs
        self.imageCount = imageCount
        self.foundCount = foundCount
    }

    /// One way to do the work.
    public struct Contender: Sendable {
        /// The name on the command line, as in `threads`.
        public let name: String

        /// What one lane starts, as in `a thread`.
        public let unit: String

        /// Whether a crash ends less than the run.
        public let isIsolated: Bool

        /// How long the start of one thread or worker takes, in nanoseconds.
        public var startNanoseconds: Int64 = 0

        /// What was measured, once for each round; at least one.
        public var rounds: [Round] = []

        /// Images in a second for fewer lanes, the fewest first.
        public var scaling: [(jobs: Int, imagesPerSecond: Double)] = []

        /// Makes a contender of which nothing was measured.
        public init(name: String, unit: String, isIsolated: Bool) {
            self.name = name
            self.unit = unit
            self.isIsolated = isIsolated
        }

        /// The median of the rounds.
        public var imagesPerSecond: Double { median(rounds.map(\.imagesPerSecond)) }

        /// Half of the way from the slowest round to the fastest, as a part of the median.
        public var spread: Double {
            let rates = rounds.map(\.imagesPerSecond)
            guard let least = rates.min(), let most = rates.max(), imagesPerSecond > 0 else {
                return 0
            }
            return (most - least) / 2 / imagesPerSecond
        }

        /// The processor time of one image in nanoseconds, the median of the rounds.
        public var processorNanoseconds: Double {
            median(rounds.map { Double($0.processorNanoseconds) })
        }

        /// The most memory of all rounds in bytes.
        public var peakMemoryByteCount: Int64 { rounds.map(\.peakMemoryByteCount).max() ?? 0 }

        /// The part of lane time that waited for I/O, the median of the rounds.
        public var idleShare: Double { median(rounds.map(\.idleShare)) }
    }

    /// One run over the sample.
    public struct Round: Sendable {
        /// Images in a second.
        public let imagesPerSecond: Double

        /// The processor time of one image, in nanoseconds.
        public let processorNanoseconds: Int64

        /// The peak memory of the process tree in bytes.
        public let peakMemoryByteCount: Int64

        /// The part of lane time that waited for I/O, from 0 to 1.
        public let idleShare: Double

        /// Makes a round.
        public init(
            imagesPerSecond: Double, processorNanoseconds: Int64, peakMemoryByteCount: Int64,
            idleShare: Double
        ) {
            self.imagesPerSecond = imagesPerSecond
            self.processorNanoseconds = processorNanoseconds
            self.peakMemoryByteCount = peakMemoryByteCount
            self.idleShare = idleShare
        }
    }

    /// A worker that was killed on purpose.
    public struct Crash: Sendable {
        /// How much longer its image took than without, in nanoseconds.
        public let nanoseconds: Int64

        /// The images that had no result in the end.
        public let lostCount: Int

        /// Makes a crash.
        public init(nanoseconds: Int64, lostCount: Int) {
            self.nanoseconds = nanoseconds
            self.lostCount = lostCount
        }
    }
}

/// The middle one, or the mean of the two in the middle; 0 of none.
private func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
