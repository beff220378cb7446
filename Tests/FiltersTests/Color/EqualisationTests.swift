import Images
import TestSupport
import Testing

@Suite("threshold, normalize and equalize")
struct EqualisationTests {
    @Test("threshold compares the luma itself with the level", arguments: Case.all, [0, 0.3, 1])
    func threshold(_ test: Case, level: Double) throws {
        let source = ReferenceImage(test.images[0])
        let result = ReferenceImage(try filtered(test.images[0], ["threshold:\(level)"]))
        for y in 0..<source.height {
            for x in 0..<source.width {
                let luma = source.luma(x, y)
                if abs(luma - level * source.white) < 0.05 { continue }
                #expect(result[x, y, 0] == (luma >= level * source.white ? source.white : 0))
            }
        }
    }

    @Test("threshold:otsu separates two classes", arguments: Case.all.filter { $0.size.width > 1 })
    func otsu(_ test: Case) throws {
        var image = TestImage.flat(test.format, test.size, value: 0x3000)
        let half = image.layout.size.pixelCount / 2 * image.layout.format.channelCount
        for index in half..<image.samples.count {
            image.samples[index] = image.white == 255 ? 0x90 : 0x9000
        }
        let source = ReferenceImage(image)
        let result = ReferenceImage(try filtered(image, ["threshold:otsu"]))
        for x in 0..<source.width {
            let isBright = source.luma(x, 0) > source.white * 0.4
            #expect(result[x, 0, 0] == (isBright ? source.white : 0))
        }
    }

    @Test("normalize stretches the luma that is used over the range", arguments: Case.all)
    func normalize(_ test: Case) throws {
        let image = test.images[0]
        let source = ReferenceImage(image)
        let expected = source.normalized(clip: 0.1)
        expectAgreement(
            try filtered(image, ["normalize:clip=10"]), expected)
    }

    @Test("equalize moves each pixel by as much as its luma", arguments: Case.all)
    func equalize(_ test: Case) throws {
        let image = test.images[0]
        expectAgreement(
            try filtered(image, ["equalize"]), ReferenceImage(image).equalized())
    }

    @Test(
        "are the same at 16 bits where there is room to count all levels at once",
        arguments: [PixelFormat.gray16, .grayAlpha16, .rgba16])
    func wide(format: PixelFormat) throws {
        let image = TestImage.noise(format, try #require(ImageSize(width: 401, height: 350)))
        let source = ReferenceImage(image)
        expectAgreement(try filtered(image, ["equalize"]), source.equalized())
        expectAgreement(
            try filtered(image, ["normalize:clip=10"]), source.normalized(clip: 0.1))
    }
}
