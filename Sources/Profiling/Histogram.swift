/// How often which duration occurred, in fixed memory.
///
/// The buckets are those of HdrHistogram (Gil Tene): 16 equal ones in each power of two of
/// nanoseconds, so a bucket is at most 1/16 of its values wide, and the middle of a bucket is within
/// 3.2 % of whatever fell into it. They reach to 4.8 hours in 5 KB; longer durations count in the
/// last one. Count, total and maximum are exact.
public struct Histogram: Sendable {
    /// The number of durations.
    public private(set) var count = 0

    /// The sum of all durations in nanoseconds.
    public private(set) var total: Int64 = 0

    /// The longest duration in nanoseconds; 0 if there is none.
    public private(set) var max: Int64 = 0

    /// The shortest duration; meaningless if there is none.
    private var min = Int64.max

    /// Durations by bucket; empty until the first one comes.
    private var buckets: [UInt64] = []

    static let bucketCount = (lastExponent - subBucketBits + 2) << subBucketBits
    private static let subBucketBits = 4
    private static let lastExponent = 43

    /// Makes a histogram of nothing.
    public init() {}

    /// Counts one duration; a negative one counts as 0.
    public mutating func record(nanoseconds: Int64) {
        let nanoseconds = Swift.max(nanoseconds, 0)
        if buckets.isEmpty {
            buckets = [UInt64](repeating: 0, count: Histogram.bucketCount)
        }
        buckets[Histogram.bucket(of: nanoseconds)] += 1
        count += 1
        total &+= nanoseconds
        min = Swift.min(min, nanoseconds)
        max = Swift.max(max, nanoseconds)
    }

    /// Adds what another histogram counted.
    public mutating func merge(_ other: Histogram) {
        if buckets.isEmpty {
            buckets = other.buckets
        } else {
            for (index, count) in other.buckets.enumerated() { buckets[index] += count }
        }
        count += other.count
        total &+= other.total
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
    }

    /// The duration in nanoseconds that `percent` of all durations do not exceed, by nearest rank.
    ///
    /// - Parameter percent: from 0 to 100.
    /// - Returns: the middle of the bucket, but within the shortest and the longest duration; 0 if
    ///   there is none.
    public func percentile(_ percent: Double) -> Int64 {
        let rank = Swift.max((percent / 100 * Double(count)).rounded(.up), 1)
        var seen = 0.0
        for (index, count) in buckets.enumerated() where count > 0 {
            seen += Double(count)
            if seen >= rank {
                return Swift.min(Swift.max(Histogram.middle(ofBucket: index), min), max)
            }
        }
        return max
    }

    /// Every bucket that counted something, from short to long: its middle in nanoseconds, and its
    /// count.
    public var nonempty: [(nanoseconds: Int64, count: UInt64)] {
        buckets.indices.filter { buckets[$0] > 0 }
            .map { (Histogram.middle(ofBucket: $0), buckets[$0]) }
    }

    static func bucket(of nanoseconds: Int64) -> Int {
        guard nanoseconds >= 1 << subBucketBits else { return Int(nanoseconds) }
        let exponent = 63 - nanoseconds.leadingZeroBitCount
        guard exponent <= lastExponent else { return bucketCount - 1 }
        let shift = exponent - subBucketBits
        return (shift << subBucketBits) + Int(nanoseconds >> Int64(shift))
    }

    static func middle(ofBucket bucket: Int) -> Int64 {
        guard bucket >= 1 << (subBucketBits + 1) else { return Int64(bucket) }
        let shift = (bucket >> subBucketBits) - 1
        let lower = Int64(bucket - (shift << subBucketBits)) << Int64(shift)
        return lower + (1 << Int64(shift)) / 2
    }
}
