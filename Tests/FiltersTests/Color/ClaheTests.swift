import Images
import TestSupport
import Testing

@Suite("clahe")
struct ClaheTests {
    @Test(
        "is the algorithm in doubles, to two levels", arguments: Case.all,
        [(2, 4), (40, 4), (2, 16)])
    func formula(_ test: Case, clipAndTiles: (clip: Double, tiles: Int)) throws {
        let (clip, tiles) = clipAndTiles
        let image = test.images[0]
        guard image.white == 255 else { return }
        expectAgreement(
            try filtered(image, ["clahe:clip=\(clip),tiles=\(tiles)"]),
            ReferenceImage(image).locallyEqualized(clip: clip, tiles: tiles), levels: 2)
    }

    @Test(
        "is the algorithm on 16 bits, with tables of 65536, to two of its levels",
        arguments: Case.all.filter { $0.format.bitsPerSample == 16 && $0.size.width > 1 })
    func wide(_ test: Case) throws {
        let image = test.images[0]
        expectAgreement(
            try filtered(image, ["clahe:clip=3,tiles=3"]),
            ReferenceImage(image).locallyEqualized(clip: 3, tiles: 3), wideLevels: 2)
    }

    @Test(
        "is the same on 16 bits where there is room for half of the tables or all",
        arguments: [PixelFormat.gray16, .grayAlpha16])
    func roomy(format: PixelFormat) throws {
        let image = TestImage.noise(format, try #require(ImageSize(width: 301, height: 300)))
        expectAgreement(
            try filtered(image, ["clahe:clip=3,tiles=2"]),
            ReferenceImage(image).locallyEqualized(clip: 3, tiles: 2), wideLevels: 2)
    }
}
