import TestSupport
import Testing

@Suite("median")
struct MedianTests {
    @Test("is exactly the middle of the sorted window", arguments: Case.all, [1, 2, 3, 7])
    func sorted(_ test: Case, radius: Int) throws {
        for image in test.images {
            let result = try filtered(image, ["median:\(radius)"])
            #expect(
                result.samples.map(Double.init)
                    == ReferenceImage(image).medianFiltered(radius: radius).samples)
        }
    }
}
