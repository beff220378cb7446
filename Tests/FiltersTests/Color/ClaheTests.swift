import Images
import TestSupport
import Testing

@Suite("clahe")
struct ClaheTests {
    @Test("is the algorithm in doubles, to two levels", arguments: Case.all, [2, 40.0])
    func formula(_ test: Case, clip: Double) throws {
        let image = test.images[0]
        guard image.white == 255 else { return }
        expectAgreement(
            try filtered(image, ["clahe:clip=\(clip),tiles=4"]),
            ReferenceImage(image).locallyEqualized(clip: clip, tiles: 4), levels: 2)
    }

    @Test("runs on 16 bits too", arguments: Case.all.filter { $0.format == .rgb16 })
    func wide(_ test: Case) throws {
        let result = try filtered(test.images[0], ["clahe"])
        #expect(result.layout == test.images[0].layout)
    }
}
