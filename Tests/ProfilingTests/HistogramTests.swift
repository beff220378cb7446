import Testing

@testable import Profiling

@Suite("A histogram")
struct HistogramTests {
    @Test(
        "has its percentiles within 3.2 % of those of a sorted list",
        arguments: [1.0, 25, 50, 90, 95, 99, 99.9, 100])
    func percentilesAreClose(percent: Double) {
        var generator = SplitMix(state: 7)
        let durations = (0..<5_000).map { _ in
            Int64.random(
                in: 1..<1 << Int64.random(in: 1...42, using: &generator), using: &generator)
        }
        var histogram = Histogram()
        for duration in durations { histogram.record(nanoseconds: duration) }

        let rank = Int((percent / 100 * 5_000).rounded(.up))
        let exact = durations.sorted()[rank - 1]

        let error = abs(Double(histogram.percentile(percent) - exact)) / Double(exact)
        #expect(error <= 0.032)
    }

    @Test("counts, sums and keeps the maximum exactly")
    func sumsExactly() {
        var histogram = Histogram()
        for duration: Int64 in [3, 1_000_003, 17] { histogram.record(nanoseconds: duration) }

        #expect(histogram.count == 3)
        #expect(histogram.total == 1_000_023)
        #expect(histogram.max == 1_000_003)
    }

    @Test("merged from two is the one that counted everything")
    func merges() {
        var left = Histogram()
        var right = Histogram()
        var both = Histogram()
        for duration in 0..<Int64(1_000) {
            if duration % 3 == 0 {
                left.record(nanoseconds: duration * 977)
            } else {
                right.record(nanoseconds: duration * 977)
            }
            both.record(nanoseconds: duration * 977)
        }

        left.merge(right)

        #expect(left.nonempty.map(\.nanoseconds) == both.nonempty.map(\.nanoseconds))
        #expect(left.nonempty.map(\.count) == both.nonempty.map(\.count))
        #expect(left.total == both.total)
    }

    @Test("of nothing has percentiles of zero")
    func isEmpty() {
        #expect(Histogram().percentile(99) == 0)
    }

    @Test(
        "takes durations beyond its range, and negative ones, without a trap",
        arguments: [Int64.min, -1, 0, 1 << 43, 1 << 44, .max])
    func takesExtremes(duration: Int64) {
        var histogram = Histogram()
        histogram.record(nanoseconds: duration)

        #expect(histogram.count == 1)
        #expect(histogram.max == max(duration, 0))
    }

    @Test("has buckets without gaps or overlaps")
    func bucketsAreContiguous() {
        var last = Histogram.bucket(of: 0)
        for exponent in Int64(0)..<44 {
            for step in Int64(0)..<16 {
                let bucket = Histogram.bucket(of: (1 << exponent) + (step << exponent) / 16)
                #expect(bucket == last || bucket == last + 1)
                last = bucket
            }
        }
        #expect(last == Histogram.bucketCount - 1)
    }

    @Test("puts the middle of each bucket into that bucket")
    func middlesAreInside() {
        for bucket in 0..<Histogram.bucketCount {
            #expect(Histogram.bucket(of: Histogram.middle(ofBucket: bucket)) == bucket)
        }
    }
}

/// The generator SplitMix64 of Steele, Lea and Flood (2014), so that a failure repeats.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
