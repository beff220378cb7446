import Testing

@testable import Filters

/// Zeros and ones are enough: what minima and maxima do to them, they do to all samples.
@Suite("Networks of minima and maxima")
struct SortedSamplesTests {
    @Test("sort five samples")
    func five() {
        for bits in 0..<32 {
            let samples = (0..<5).map { UInt8(bits >> $0 & 1) }
            let five = SortedFive(samples[0], samples[1], samples[2], samples[3], samples[4])
            #expect(five.all == samples.sorted(), "\(samples)")
        }
    }

    @Test("merge two fives", arguments: 0...5, 0...5)
    func ten(first: Int, second: Int) {
        #expect(Self.ten(first, second).all == Self.sorted(10, ones: first + second))
    }

    @Test("find the middle of two tens", arguments: 0...10, 0...10)
    func six(first: Int, second: Int) {
        let middle = MiddleSix(of: Self.ten(ones: first), Self.ten(ones: second))
        #expect(middle.all == Array(Self.sorted(20, ones: first + second)[7..<13]))
    }

    @Test("find the median of two tens and a five", arguments: 0...20, 0...5)
    func median(twenty: Int, five: Int) {
        let middle = MiddleSix(
            of: Self.ten(ones: min(twenty, 10)), Self.ten(ones: max(twenty - 10, 0)))
        #expect(
            middle.median(with: Self.five(ones: five))
                == Self.sorted(25, ones: twenty + five)[12])
    }

    private static func sorted(_ count: Int, ones: Int) -> [UInt8] {
        (0..<count).map { $0 < count - ones ? 0 : 1 }
    }

    private static func five(ones: Int) -> SortedFive<UInt8> {
        let samples = sorted(5, ones: ones)
        return SortedFive(samples[0], samples[1], samples[2], samples[3], samples[4])
    }

    private static func ten(_ first: Int, _ second: Int) -> SortedTen<UInt8> {
        SortedTen(merging: five(ones: first), five(ones: second))
    }

    private static func ten(ones: Int) -> SortedTen<UInt8> { ten(ones / 2, ones - ones / 2) }
}

extension SortedFive {
    fileprivate var all: [Sample] { [a, b, c, d, e] }
}

extension SortedTen {
    fileprivate var all: [Sample] { [a, b, c, d, e, f, g, h, i, j] }
}

extension MiddleSix {
    fileprivate var all: [Sample] { [a, b, c, d, e, f] }
}
