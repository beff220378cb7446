internal import Images

/// How bright a pixel is: a weighted sum of red, green and blue, exactly rounded.
struct Luma: Sendable {
    /// The weights in 65536ths; they sum to 65536.
    let red: UInt32
    let green: UInt32
    let blue: UInt32

    /// The weights themselves.
    private let weights: SIMD3<Float>

    private init(_ red: Float, _ green: Float, _ blue: Float) {
        weights = SIMD3(red, green, blue)
        self.red = UInt32((red * 65536).rounded())
        self.blue = UInt32((blue * 65536).rounded())
        self.green = 65536 - self.red - self.blue
    }

    /// ITU-R BT.709: 0.2126 R + 0.7152 G + 0.0722 B.
    static let rec709 = Luma(0.2126, 0.7152, 0.0722)

    /// ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B.
    static let rec601 = Luma(0.299, 0.587, 0.114)

    /// The luma of a pixel, rounded.
    ///
    /// At 16 bits the rounding of the weights would show, and `Float` is exact enough.
    @inline(__always)
    func callAsFunction<Sample: PixelSample>(_ red: Sample, _ green: Sample, _ blue: Sample)
        -> Sample
    {
        if Sample.bitWidth == 8 {
            return Sample(truncatingIfNeeded: (sum(red, green, blue) &+ 32768) &>> 16)
        }
        let value =
            Float(Int32(truncatingIfNeeded: red)) * weights.x
            + Float(Int32(truncatingIfNeeded: green)) * weights.y
            + Float(Int32(truncatingIfNeeded: blue)) * weights.z
        // The weights sum to 1 within half a level, so that nothing lies beyond the range.
        return Sample(truncatingIfNeeded: Int32(nearestTo: value))
    }

    /// The luma of a pixel in 65536ths of a level.
    @inline(__always)
    func sum<Sample: PixelSample>(_ red: Sample, _ green: Sample, _ blue: Sample) -> UInt32 {
        UInt32(truncatingIfNeeded: red) &* self.red
            &+ UInt32(truncatingIfNeeded: green) &* self.green
            &+ UInt32(truncatingIfNeeded: blue) &* self.blue
    }

    /// Writes the luma of each pixel.
    func write<Sample: PixelSample>(_ planes: ColorPlanes<Sample>, to luma: Row<Sample>) {
        for x in 0..<luma.count {
            luma[x] = self(planes.red[x], planes.green[x], planes.blue[x])
        }
    }
}

/// Reads the luma of rows of any format.
struct LumaReader<Sample: PixelSample> {
    private let planes: ColorPlanes<Sample>?
    private let channelCount: Int

    static func scratchByteCount(for layout: PixelLayout) -> Int {
        layout.format.isColor ? ColorPlanes<Sample>.scratchByteCount(width: layout.width) : 0
    }

    init(of layout: PixelLayout, scratch: inout ScratchMemory) {
        channelCount = layout.format.channelCount
        planes =
            layout.format.isColor
            ? ColorPlanes(width: layout.width, scratch: &scratch) : nil
    }

    /// Writes the luma of the pixels of a row or a part of it; for gray it is the sample.
    func read(_ samples: Row<Sample>, into luma: Row<Sample>) {
        if let planes {
            planes.split(samples, channelCount: channelCount)
            Luma.rec709.write(planes, to: luma)
        } else if channelCount == 1 {
            luma.copy(samples)
        } else {
            for x in 0..<luma.count { luma[x] = samples[2 &* x] }
        }
    }

    /// Writes the pixels that were read last, with each colour channel moved by what the luma
    /// changes by, and no further than to black and white.
    func move(_ samples: Row<Sample>, by changes: Row<Sample.Change>, into target: Row<Sample>) {
        guard let planes else {
            if channelCount == 1 {
                target.move(samples, by: changes)
            } else {
                for x in 0..<changes.count {
                    target[2 &* x] = samples[2 &* x].moved(by: changes[x])
                    target[2 &* x &+ 1] = samples[2 &* x &+ 1]
                }
            }
            return
        }
        planes.red.move(planes.red, by: changes)
        planes.green.move(planes.green, by: changes)
        planes.blue.move(planes.blue, by: changes)
        if channelCount == 4 { target.copy(samples) }
        planes.join(into: target, channelCount: channelCount)
    }
}

extension Row where Element: PixelSample {
    fileprivate func move(_ samples: Row<Element>, by changes: Row<Element.Change>) {
        for x in 0..<changes.count { self[x] = samples[x].moved(by: changes[x]) }
    }
}

extension PixelSample {
    @inline(__always)
    fileprivate func moved(by change: Change) -> Self {
        let moved = Change(truncatingIfNeeded: self) &+ change
        return Self(
            truncatingIfNeeded: Swift.min(
                Swift.max(moved, 0), Change(truncatingIfNeeded: Self.max)))
    }
}
