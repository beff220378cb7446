/// Five samples in order.
struct SortedFive<Sample: PixelSample> {
    let a, b, c, d, e: Sample

    /// Sorts samples by nine comparisons, which are the fewest.
    @inline(__always)
    init(_ a: Sample, _ b: Sample, _ c: Sample, _ d: Sample, _ e: Sample) {
        var (a, b, c, d, e) = (a, b, c, d, e)
        sort(&a, &d)
        sort(&b, &e)
        sort(&a, &c)
        sort(&b, &d)
        sort(&a, &b)
        sort(&c, &e)
        sort(&b, &c)
        sort(&d, &e)
        sort(&c, &d)
        (self.a, self.b, self.c, self.d, self.e) = (a, b, c, d, e)
    }
}

/// Ten samples in order.
struct SortedTen<Sample: PixelSample> {
    let a, b, c, d, e, f, g, h, i, j: Sample

    /// Merges two fives.
    ///
    /// The network is K. Batcher's ("Sorting networks and their applications", 1968): the odd ranks
    /// of both are merged, and the even ones, and then only neighbours may be in the wrong order.
    @inline(__always)
    init(merging p: SortedFive<Sample>, _ q: SortedFive<Sample>) {
        var (a, c, e, d, f, j) = (p.a, p.c, p.e, q.a, q.c, q.e)
        sort(&a, &d)
        sort(&e, &j)
        sort(&e, &d)
        sort(&c, &f)
        sort(&c, &e)
        sort(&d, &f)
        // In order now: a, c, e, d, f, j.
        var (b, g, h, i) = (p.b, p.d, q.b, q.d)
        sort(&b, &h)
        sort(&g, &i)
        sort(&g, &h)
        // In order now: b, g, h, i.
        sort(&b, &c)
        sort(&g, &e)
        sort(&h, &d)
        sort(&i, &f)
        (self.a, self.b, self.c, self.d, self.e) = (a, b, c, g, e)
        (self.f, self.g, self.h, self.i, self.j) = (h, d, i, f, j)
    }
}
