internal import Images

/// Rows of an image as one row of floats for each channel, so that one vector holds one channel of
/// eight neighbouring pixels.
///
/// Samples are on the scale of 255, colour premultiplied. Beyond the border the nearest is repeated.
struct PlanarRows {
    let channelCount: Int

    /// The pixels that are repeated before the first, and after the last at least.
    let margin: Int

    /// The floats of one channel's row.
    let pitch: Int

    private let ring: Rows<Float>
    private let interleaved: Row<Float>
    private let format: WorkingFormat
    private let source: PixelLayout

    /// Pixels are read in groups of eight: so many floats follow the last one.
    private static let slack = 8

    static func scratchByteCount(for source: PixelLayout, margin: Int, ringCount: Int) -> Int {
        let pitch = source.width + 2 * margin + slack
        return ScratchMemory.byteCount(
            ringCount * pitch * source.format.channelCount, of: Float.self)
            + ScratchMemory.byteCount(source.samplesPerRow, of: Float.self)
    }

    init(
        of source: PixelLayout, margin: Int, ringCount: Int, scratch: inout ScratchMemory
    ) {
        self.source = source
        self.margin = margin
        channelCount = source.format.channelCount
        pitch = source.width + 2 * margin + Self.slack
        ring = scratch.takeRows(ringCount, elementsPerRow: pitch * channelCount)
        interleaved = scratch.take(source.samplesPerRow)
        format = WorkingFormat(of: source.format, isLinear: false)
    }

    /// Reads row `y` of the image, or the nearest, into its place in the ring.
    func load<Sample: PixelSample>(_ y: Int, of image: Rows<Sample>) {
        format.prepare(image.nearest(y), into: interleaved)
        let scale = 255 / Float(Sample.max)
        for channel in 0..<channelCount {
            let plane = self[y, channel]
            for x in 0..<source.width {
                plane[margin &+ x] = interleaved[x &* channelCount &+ channel] * scale
            }
            for x in 0..<margin { plane[x] = plane[margin] }
            for x in margin + source.width..<pitch {
                plane[x] = plane[margin + source.width - 1]
            }
        }
    }

    /// One channel of row `y`; pixel x lies at `margin + x`.
    @inline(__always)
    subscript(y: Int, channel: Int) -> Row<Float> {
        let count = ring.count
        let row = ring[(y % count + count) % count]
        return row[channel * pitch..<(channel + 1) * pitch]
    }

    /// Writes planar pixels, all channels of a row one after the other at `pitch`, as samples.
    func store<Sample: PixelSample>(_ planes: Row<Float>, into samples: Row<Sample>) {
        let scale = Float(Sample.max) / 255
        for channel in 0..<channelCount {
            let plane = planes.from(channel * pitch)
            for x in 0..<source.width {
                interleaved[x &* channelCount &+ channel] = plane[x] * scale
            }
        }
        format.finish(interleaved, into: samples)
    }
}
