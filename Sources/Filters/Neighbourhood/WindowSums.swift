/// The sums of windows along a row, all channels side by side.
///
/// The window of a pixel is that of the sixteenth before it, with sixteen pixels that entered and
/// without sixteen that left; the sums of sixteen are made from sums of four. So whole vectors of
/// sums are made at once, in the same time for every window. (A window that moves by one pixel has
/// each sum wait for the last, which takes twice as long.)
///
/// - Parameters:
///   - Part: What the sums of sixteen samples fit.
///   - Sum: What the sums of windows fit.
struct WindowSums<
    Part: FixedWidthInteger & SIMDScalar & BitwiseCopyable,
    Sum: FixedWidthInteger & SIMDScalar & BitwiseCopyable
> {
    private typealias Parts = SIMD16<Part>
    private typealias Sums = SIMD16<Sum>

    /// The samples, and as many pixels before and behind them as a window reaches.
    private let padded: Row<Part>
    private let fours: Row<Part>
    private let sixteens: Row<Part>

    /// The sum for each sample; ``update()`` makes them.
    let sums: Row<Sum>

    private let count: Int
    private let channelCount: Int

    /// The window as far as it may lie in a row, and how often it has the first and the last pixel
    /// beyond that.
    private let window: Int
    private let beyond: Int

    /// What loops over whole vectors reach beyond the end.
    private static var slack: Int { 16 }

    /// A row is padded by no more than its own length: a wider window has both of its ends in it
    /// once more for each pixel that it is wider.
    private static func inner(_ radius: Int, count: Int, _ channelCount: Int) -> Int {
        min(radius, count / channelCount - 1)
    }

    private static func paddedCount(_ count: Int, _ channelCount: Int, radius: Int) -> Int {
        count + 2 * inner(radius, count: count, channelCount) * channelCount + 4 * slack
    }

    static func scratchByteCount(count: Int, channelCount: Int, radius: Int) -> Int {
        let paddedCount = paddedCount(count, channelCount, radius: radius)
        return 3 * ScratchMemory.byteCount(paddedCount, of: Part.self)
            + ScratchMemory.byteCount(count + slack, of: Sum.self)
    }

    init(count: Int, channelCount: Int, radius: Int, scratch: inout ScratchMemory) {
        let paddedCount = Self.paddedCount(count, channelCount, radius: radius)
        padded = scratch.take(paddedCount)
        fours = scratch.take(paddedCount)
        sixteens = scratch.take(paddedCount)
        sums = scratch.take(count + Self.slack)
        self.count = count
        self.channelCount = channelCount
        let inner = Self.inner(radius, count: count, channelCount)
        window = 2 * inner + 1
        beyond = radius - inner
    }

    /// Where the samples go before ``update()``.
    var samples: Row<Part> {
        let margin = window / 2 * channelCount
        return padded[margin..<margin + count]
    }

    /// Makes the sums of the samples, of which the first and the last pixel are repeated.
    func update() {
        let margin = window / 2 * channelCount
        padded[0..<count + 2 * margin].extendEdges(margin: margin, channelCount: channelCount)
        let end = count + 2 * margin
        addFour(padded, distance: channelCount, to: fours, end: end)
        addFour(fours, distance: 4 * channelCount, to: sixteens, end: end)
        let distance = 16 * channelCount
        sumFirst()
        let entering = (window - 16) * channelCount
        var x = distance
        while x < count {
            let new: Parts = sixteens.vector(at: x &+ entering)
            let old: Parts = sixteens.vector(at: x &- distance)
            let sum: Sums = sums.vector(at: x &- distance)
            sums.store(sum &+ Sums(truncatingIfNeeded: new &- old), at: x)
            x &+= 16
        }
    }

    private func addFour(_ row: Row<Part>, distance: Int, to result: Row<Part>, end: Int) {
        var x = 0
        while x &+ 3 &* distance < end {
            let a: Parts = row.vector(at: x)
            let b: Parts = row.vector(at: x &+ distance)
            let c: Parts = row.vector(at: x &+ 2 &* distance)
            let d: Parts = row.vector(at: x &+ 3 &* distance)
            result.store((a &+ b) &+ (c &+ d), at: x)
            x &+= 16
        }
    }

    /// Makes the sums of the first sixteen pixels.
    private func sumFirst() {
        for channel in 0..<channelCount {
            let ends =
                Sum(truncatingIfNeeded: padded[channel])
                &+ Sum(truncatingIfNeeded: padded[(window - 1) * channelCount + channel])
            var sum = ends &* Sum(truncatingIfNeeded: beyond)
            for pixel in 0..<window / 16 {
                sum &+= Sum(truncatingIfNeeded: sixteens[16 * pixel * channelCount + channel])
            }
            for pixel in window / 16 * 16..<window {
                sum &+= Sum(truncatingIfNeeded: padded[pixel * channelCount + channel])
            }
            for x in stride(from: channel, to: min(16 * channelCount, count), by: channelCount) {
                sums[x] = sum
                sum &+= Sum(
                    truncatingIfNeeded: padded[x + window * channelCount] &- padded[x])
            }
        }
    }
}
