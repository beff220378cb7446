internal import Images

/// Rows of an image as one row of floats for each channel, so that one vector holds one channel of
/// eight neighbouring pixels.
///
/// Samples are on the scale of 255, colour premultiplied. Beyond the border the nearest is repeated.
struct PlanarRows {
    let channelCount: Int

    /// The pixels that are repeated before the first and after the last.
    let margin: Int

    /// The floats of one channel's row.
    let pitch: Int

    private let ring: Rows<Float>
    private let interleaved: Row<Float>
    private let format: WorkingFormat
    private let source: PixelLayout

    static func scratchByteCount(
        for source: PixelLayout, margin: Int, slack: Int = 8, ringCount: Int
    ) -> Int {
        let pitch = source.width + 2 * margin + slack
        let ringCount = min(ringCount, source.height)
        return ScratchMemory.byteCount(
            ringCount * pitch * source.format.channelCount, of: Float.self)
            + ScratchMemory.byteCount(source.samplesPerRow, of: Float.self)
    }

    /// - Parameters:
    ///   - source: The layout of the image.
    ///   - margin: The pixels that are repeated on either side.
    ///   - slack: How many floats follow, for pixels that are read in groups.
    ///   - ringCount: The rows around the last one that are needed.
    ///   - scratch: Where they are.
    init(
        of source: PixelLayout, margin: Int, slack: Int = 8, ringCount: Int,
        scratch: inout ScratchMemory
    ) {
        self.source = source
        self.margin = margin
        channelCount = source.format.channelCount
        pitch = source.width + 2 * margin + slack
        ring = scratch.takeRows(
            min(ringCount, source.height), elementsPerRow: pitch * channelCount)
        interleaved = scratch.take(source.samplesPerRow)
        format = WorkingFormat(of: source.format, isLinear: false)
    }

    /// Reads row `y` of the image into its place in the ring; beyond the border there is none.
    func load<Sample: PixelSample>(_ y: Int, of image: Rows<Sample>) {
        guard y >= 0 && y < source.height else { return }
        format.prepare(image[y], into: interleaved)
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

    /// One channel of row `y`, or of the nearest; pixel x lies at `margin + x`.
    @inline(__always)
    subscript(y: Int, channel: Int) -> Row<Float> {
        self[y][channel * pitch..<(channel + 1) * pitch]
    }

    /// All channels of row `y`, or of the nearest, one after the other at `pitch`.
    @inline(__always)
    subscript(y: Int) -> Row<Float> { ring[min(max(y, 0), source.height &- 1) % ring.count] }

    /// Writes planar pixels, the channels at some distance from each other, as the samples of a row
    /// or a part of it.
    func store<Sample: PixelSample>(
        _ planes: Row<Float>, distance: Int, into samples: Row<Sample>
    ) {
        let scale = Float(Sample.max) / 255
        for channel in 0..<channelCount {
            let plane = planes.from(channel * distance)
            for x in 0..<samples.count / channelCount {
                interleaved[x &* channelCount &+ channel] = plane[x] * scale
            }
        }
        format.finish(interleaved[0..<samples.count], into: samples)
    }
}
