/// How bright a pixel is: a weighted sum of red, green and blue, exactly rounded.
struct Luma: Sendable {
    /// The weights in 65536ths; they sum to 65536.
    let red: UInt32
    let green: UInt32
    let blue: UInt32

    /// ITU-R BT.709: 0.2126 R + 0.7152 G + 0.0722 B.
    static let rec709 = Luma(red: 13933, green: 46871, blue: 4732)

    /// ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B.
    static let rec601 = Luma(red: 19595, green: 38470, blue: 7471)

    /// The luma of a pixel, rounded; at 16 bits the sum just fits.
    @inline(__always)
    func callAsFunction<Sample: PixelSample>(_ red: Sample, _ green: Sample, _ blue: Sample)
        -> Sample
    {
        Sample(truncatingIfNeeded: (sum(red, green, blue) &+ 32768) &>> 16)
    }

    /// The luma of a pixel in 65536ths of a level.
    @inline(__always)
    func sum<Sample: PixelSample>(_ red: Sample, _ green: Sample, _ blue: Sample) -> UInt32 {
        UInt32(truncatingIfNeeded: red) &* self.red
            &+ UInt32(truncatingIfNeeded: green) &* self.green
            &+ UInt32(truncatingIfNeeded: blue) &* self.blue
    }

    /// Writes the luma of each pixel of a row of three or four channels.
    func write<Sample: PixelSample>(_ pixels: Row<Sample>, channelCount: Int, to luma: Row<Sample>)
    {
        if channelCount == 3 {
            for x in 0..<luma.count {
                luma[x] = self(pixels[3 &* x], pixels[3 &* x &+ 1], pixels[3 &* x &+ 2])
            }
        } else {
            for x in 0..<luma.count {
                luma[x] = self(pixels[4 &* x], pixels[4 &* x &+ 1], pixels[4 &* x &+ 2])
            }
        }
    }
}
