internal import Images

/// Rows of an image, or of a part of its columns, as one row of floats for each channel, so that one
/// vector holds one channel of eight neighbouring pixels.
///
/// Samples are on the scale of 255, colour premultiplied. Beyond the border the nearest is repeated.
struct PlanarRows {
    let channelCount: Int

    /// The pixels before the first and after the last of the part.
    let margin: Int

    /// The floats of one channel's row.
    let pitch: Int

    private let ring: Rows<Float>
    private let interleaved: Row<Float>
    private let format: WorkingFormat
    private let source: PixelLayout

    /// How many floats follow a row, for pixels that are read in groups.
    private static var slack: Int { 8 }

    static func scratchByteCount(
        for source: PixelLayout, width: Int, margin: Int, ringCount: Int
    ) -> Int {
        let pitch = width + 2 * margin + slack
        let ringCount = min(ringCount, source.height)
        let channelCount = source.format.channelCount
        return ScratchMemory.byteCount(ringCount * pitch * channelCount, of: Float.self)
            + ScratchMemory.byteCount(min(source.width, pitch) * channelCount, of: Float.self)
    }

    /// - Parameters:
    ///   - source: The layout of the image.
    ///   - width: The columns of the part.
    ///   - margin: The columns that are needed on either side.
    ///   - ringCount: The rows around the last one that are needed.
    ///   - scratch: Where they are.
    init(
        of source: PixelLayout, width: Int, margin: Int, ringCount: Int,
        scratch: inout ScratchMemory
    ) {
        self.source = source
        self.margin = margin
        channelCount = source.format.channelCount
        pitch = width + 2 * margin + Self.slack
        ring = scratch.takeRows(
            min(ringCount, source.height), elementsPerRow: pitch * channelCount)
        interleaved = scratch.take(min(source.width, pitch) * channelCount)
        format = WorkingFormat(of: source.format, isLinear: false)
    }

    /// Reads row `y` of the image into its place in the ring; beyond the border there is none.
    ///
    /// - Parameters:
    ///   - y: Which row.
    ///   - image: The image.
    ///   - left: The first column of the part.
    func load<Sample: PixelSample>(_ y: Int, of image: Rows<Sample>, from left: Int = 0) {
        guard y >= 0 && y < source.height else { return }
        let first = left - margin
        let read = (first..<first + pitch).clamped(to: 0..<source.width)
        format.prepare(
            image[y][read.lowerBound * channelCount..<read.upperBound * channelCount],
            into: interleaved)
        let scale = 255 / Float(Sample.max)
        let (start, end) = (read.lowerBound - first, read.upperBound - first)
        for channel in 0..<channelCount {
            let plane = self[y, channel]
            for x in 0..<read.count {
                plane[start &+ x] = interleaved[x &* channelCount &+ channel] * scale
            }
            for x in 0..<start { plane[x] = plane[start] }
            for x in end..<pitch { plane[x] = plane[end - 1] }
        }
    }

    /// One channel of row `y`, or of the nearest; column x of the part lies at `margin + x`.
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
