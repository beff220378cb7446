/// The colours of a row or a part of it, one row for each, so that plain loops over them become
/// vector code.
struct ColorPlanes<Sample: PixelSample> {
    let red: Row<Sample>
    let green: Row<Sample>
    let blue: Row<Sample>

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
        if channelCount == 3 {
            split(pixels, distance: 3)
        } else {
            split(pixels, distance: 4)
        }
    }

    /// Writes the colours of a row of three or four channels; alpha is left.
    func join(into pixels: Row<Sample>, channelCount: Int) {
        if channelCount == 3 {
            join(into: pixels, distance: 3)
        } else {
            join(into: pixels, distance: 4)
        }
    }

    // The compiler has a sequence of shuffles for a distance that it knows, and only then: a row of
    // 16 bits takes a sixth of what interleaving halves of vectors by hand took.

    @inline(__always)
    private func split(_ pixels: Row<Sample>, distance: Int) {
        for x in 0..<pixels.count / distance {
            red[x] = pixels[distance &* x]
            green[x] = pixels[distance &* x &+ 1]
            blue[x] = pixels[distance &* x &+ 2]
        }
    }

    @inline(__always)
    private func join(into pixels: Row<Sample>, distance: Int) {
        for x in 0..<pixels.count / distance {
            pixels[distance &* x] = red[x]
            pixels[distance &* x &+ 1] = green[x]
            pixels[distance &* x &+ 2] = blue[x]
        }
    }
}
