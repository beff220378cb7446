/// The colours of a row, one row for each, so that plain loops over them become vector code; loops
/// over interleaved pixels do not.
struct ColorPlanes<Sample: PixelSample> {
    let red: Row<Sample>
    let green: Row<Sample>
    let blue: Row<Sample>

    /// The vectors of a group, in samples.
    private static var lanes: Int { 16 }

    static func scratchByteCount(width: Int) -> Int {
        3 * ScratchMemory.byteCount(width, of: Sample.self)
    }

    init(width: Int, scratch: inout ScratchMemory) {
        red = scratch.take(width)
        green = scratch.take(width)
        blue = scratch.take(width)
    }

    /// Reads the colours of a row of three or four channels.
    func split(_ pixels: Row<Sample>, channelCount: Int) {
        var x = 0
        if channelCount == 3 {
            while x + Self.lanes <= red.count {
                splitSixteen(pixels, at: x)
                x += Self.lanes
            }
        }
        while x < red.count {
            red[x] = pixels[x &* channelCount]
            green[x] = pixels[x &* channelCount &+ 1]
            blue[x] = pixels[x &* channelCount &+ 2]
            x += 1
        }
    }

    /// Writes the colours of a row of three or four channels; alpha is left.
    func join(into pixels: Row<Sample>, channelCount: Int) {
        var x = 0
        if channelCount == 3 {
            while x + Self.lanes <= red.count {
                joinSixteen(into: pixels, at: x)
                x += Self.lanes
            }
        }
        while x < red.count {
            pixels[x &* channelCount] = red[x]
            pixels[x &* channelCount &+ 1] = green[x]
            pixels[x &* channelCount &+ 2] = blue[x]
            x += 1
        }
    }

    private typealias Vector = SIMD16<Sample>

    /// Each round puts halves of the three vectors together, sample by sample; after four rounds
    /// samples that were three apart are neighbours.
    @inline(__always)
    private func splitSixteen(_ pixels: Row<Sample>, at x: Int) {
        var a: Vector = pixels.vector(at: 3 &* x)
        var b: Vector = pixels.vector(at: 3 &* x &+ 16)
        var c: Vector = pixels.vector(at: 3 &* x &+ 32)
        for _ in 0..<4 {
            (a, b, c) = (
                Vector(even: a.lowHalf, odd: b.highHalf), Vector(even: a.highHalf, odd: c.lowHalf),
                Vector(even: b.lowHalf, odd: c.highHalf)
            )
        }
        red.store(a, at: x)
        green.store(b, at: x)
        blue.store(c, at: x)
    }

    /// The rounds of `splitSixteen` backwards.
    @inline(__always)
    private func joinSixteen(into pixels: Row<Sample>, at x: Int) {
        var a: Vector = red.vector(at: x)
        var b: Vector = green.vector(at: x)
        var c: Vector = blue.vector(at: x)
        for _ in 0..<4 {
            (a, b, c) = (
                Vector(lowHalf: a.evenHalf, highHalf: b.evenHalf),
                Vector(lowHalf: c.evenHalf, highHalf: a.oddHalf),
                Vector(lowHalf: b.oddHalf, highHalf: c.oddHalf)
            )
        }
        pixels.store(a, at: 3 &* x)
        pixels.store(b, at: 3 &* x &+ 16)
        pixels.store(c, at: 3 &* x &+ 32)
    }
}

extension SIMD16 {
    @inline(__always)
    fileprivate init(even: SIMD8<Scalar>, odd: SIMD8<Scalar>) {
        self.init()
        evenHalf = even
        oddHalf = odd
    }
}
