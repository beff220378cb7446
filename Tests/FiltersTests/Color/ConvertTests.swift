import Filters
import Images
import TestSupport
import Testing

@Suite("Conversion to the encoder's format")
struct ConvertTests {
    @Test(
        "keeps, repeats, rounds and lays over", arguments: PixelFormat.allCases,
        PixelFormat.allCases)
    func formula(from: PixelFormat, to: PixelFormat) throws {
        let image = TestImage.noise(from, ImageSize.odd[3])
        let source = ReferenceImage(image)
        let result = try filtered(
            image, [], resultFormat: to, background: Color(red: 255, green: 128, blue: 0))
        #expect(result.layout.format == to)
        let white = to.bitsPerSample == 8 ? 255.0 : 65535
        let behind = [1, 128.0 / 255, 0]
        let gray = 0.2126 + 0.7152 * behind[1]
        let expected = ReferenceImage(
            width: source.width, height: source.height, channelCount: to.channelCount,
            white: white
        ) { x, y, channel in
            let alpha = source.hasAlpha ? source[x, y, source.channelCount - 1] / source.white : 1
            if to.hasAlpha && channel == to.channelCount - 1 { return alpha * white }
            // Without three channels on either side it is gray that is laid over gray.
            let isGray = !to.isColor
            let value =
                isGray
                ? source.luma(x, y) : source[x, y, source.colorCount == 1 ? 0 : channel]
            let background = isGray ? gray : behind[channel]
            let laid =
                from.hasAlpha && !to.hasAlpha
                ? value * alpha + background * source.white * (1 - alpha) : value
            return laid / source.white * white
        }
        let found = ReferenceImage(result).samples
        let worst = zip(found, expected.samples).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= (from.bitsPerSample < to.bitsPerSample ? 300 : 1.6))
    }
}
