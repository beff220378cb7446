/// The eighth to the thirteenth of twenty samples, in order.
///
/// Whatever five samples are added, the median of the twenty-five is one of these or of the five.
struct MiddleSix<Sample: PixelSample> {
    let a, b, c, d, e, f: Sample

    /// Finds the middle of two sorted tens.
    ///
    /// This is the part of K. Batcher's merging network that leads to the middle: 36 of its 70
    /// minima and maxima. As there the odd ranks are merged, and the even ones, and of both merges
    /// again only the middle is needed.
    @inline(__always)
    init(of p: SortedTen<Sample>, _ q: SortedTen<Sample>) {
        let odd = middleFour((p.a, p.c, p.e, p.g, p.i), (q.a, q.c, q.e, q.g, q.i))
        let even = middleFour((p.b, p.d, p.f, p.h, p.j), (q.b, q.d, q.f, q.h, q.j))
        (a, b) = inOrder(even.0, odd.1)
        (c, d) = inOrder(even.1, odd.2)
        (e, f) = inOrder(even.2, odd.3)
    }

    /// The median of the twenty samples and five more.
    ///
    /// When some of the five lie below it, it is the greatest of those and of as many of the six as
    /// then make up the lower half. Any other number of the five gives no lesser sample, so the
    /// median is the least over all numbers.
    @inline(__always)
    func median(with five: SortedFive<Sample>) -> Sample {
        let noneOrOne = min(f, max(five.a, e))
        let twoOrThree = min(max(five.b, d), max(five.c, c))
        let fourOrFive = min(max(five.d, b), max(five.e, a))
        return min(noneOrOne, min(twoOrThree, fourOrFive))
    }
}

private typealias Fives<Sample> = (Sample, Sample, Sample, Sample, Sample)

/// The fourth to the seventh of two sorted fives.
@inline(__always)
private func middleFour<Sample: PixelSample>(
    _ p: Fives<Sample>, _ q: Fives<Sample>
) -> (Sample, Sample, Sample, Sample) {
    let even = middleTwo((p.1, p.3), (q.1, q.3))
    let outer = middleTwo((p.0, p.4), (q.0, q.4))
    let inner = inOrder(p.2, q.2)
    let odd = (max(inner.0, outer.0), min(inner.1, outer.1))
    let (low, high) = (inOrder(even.0, odd.0), inOrder(even.1, odd.1))
    return (low.0, low.1, high.0, high.1)
}

/// The second and the third of two sorted pairs.
@inline(__always)
private func middleTwo<Sample: PixelSample>(
    _ p: (Sample, Sample), _ q: (Sample, Sample)
) -> (Sample, Sample) {
    inOrder(max(p.0, q.0), min(p.1, q.1))
}

@inline(__always)
private func inOrder<Sample: PixelSample>(_ a: Sample, _ b: Sample) -> (Sample, Sample) {
    (min(a, b), max(a, b))
}
