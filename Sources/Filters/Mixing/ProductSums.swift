/// Eight sums of products of samples and weights of 16 bits, two products at a time.
struct ProductSums {
    private var lanes = SIMD8<Int32>()

    /// Half of these sums, and half of what becomes 1 in a result, which is the upper half of a sum:
    /// so that is rounded.
    @inline(__always)
    var halved: ProductSums {
        var half = ProductSums()
        half.lanes = (lanes &>> 1) &+ 32768
        return half
    }

    /// Adds eight pairs of samples, each multiplied by its weight.
    @inline(__always)
    mutating func add(_ pairs: SIMD8<Int32>, _ weights: WeightPair) {
        let samples = unsafe unsafeBitCast(pairs, to: SIMD16<Int16>.self)
        let factors = weights.repeated
        // The compiler makes one instruction of both halves, which it does not of eight lanes.
        lanes =
            lanes
            &+ SIMD8<Int32>(
                lowHalf: Self.products(samples.lowHalf, factors.lowHalf),
                highHalf: Self.products(samples.highHalf, factors.highHalf))
    }

    /// A loop over the lanes becomes one `pmaddwd`; even and odd halves are taken apart first.
    @inline(__always)
    private static func products(
        _ samples: SIMD8<Int16>, _ weights: SIMD8<Int16>
    ) -> SIMD4<Int32> {
        var sums = SIMD4<Int32>()
        for lane in 0..<4 {
            let (even, odd) = (2 &* lane, 2 &* lane &+ 1)
            sums[lane] =
                Int32(samples[even]) &* Int32(weights[even])
                &+ Int32(samples[odd]) &* Int32(weights[odd])
        }
        return sums
    }

    /// Pairs of a result of this row and one of the row below.
    @inline(__always)
    func paired(with below: ProductSums) -> SIMD8<Int32> {
        let upper = SIMD8<UInt32>(truncatingIfNeeded: lanes) &>> 16
        return SIMD8(truncatingIfNeeded: upper) | (below.lanes & ~0xFFFF)
    }

    /// The results of these sums and the next ones, without a sign again.
    @inline(__always)
    func samples<Sample: PixelSample>(with next: ProductSums) -> SIMD16<Sample> {
        let sums = SIMD16<UInt32>(
            lowHalf: SIMD8(truncatingIfNeeded: lanes),
            highHalf: SIMD8(truncatingIfNeeded: next.lanes))
        return SIMD16(truncatingIfNeeded: (sums ^ 0x8000_0000) &>> 16)
    }
}

/// The weights of two samples, as often as a vector has room for them: what one instruction reads.
struct WeightPair: Sendable {
    fileprivate let repeated: SIMD16<Int16>

    init(_ first: Int16, _ second: Int16) {
        var repeated = SIMD16<Int16>()
        repeated.evenHalf = SIMD8(repeating: first)
        repeated.oddHalf = SIMD8(repeating: second)
        self.repeated = repeated
    }
}
