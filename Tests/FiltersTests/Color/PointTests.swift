import TestSupport
import Testing

@Suite("point filters")
struct PointTests {
    struct Curve: CustomTestStringConvertible, Sendable {
        let specification: String
        let curve: @Sendable (Double) -> Double
        var testDescription: String { specification }
    }

    static let curves = [
        Curve(specification: "brightness:1.3") { $0 * 1.3 },
        Curve(specification: "contrast:0.4") { ($0 - 0.5) * 0.4 + 0.5 },
        Curve(specification: "contrast:2.5") { ($0 - 0.5) * 2.5 + 0.5 },
        Curve(specification: "invert") { 1 - $0 },
    ]

    @Test("are the formula, rounded to the nearest level", arguments: Case.all, curves)
    func formula(_ test: Case, curve: Curve) throws {
        let image = test.images[0]
        expectAgreement(
            try filtered(image, [curve.specification]),
            ReferenceImage(image).curved(curve.curve).clamped, levels: 0.5, wideLevels: 0.5)
    }

    @Test("give the same in one pass as one by one", arguments: Case.all)
    func fused(_ test: Case) throws {
        let chain = ["brightness:1.7", "contrast:0.6", "grayscale", "invert", "brightness:0.3"]
        let image = test.images[0]
        let oneByOne = try chain.reduce(image) { try filtered($0, [$1]) }
        #expect(try filtered(image, chain) == oneByOne)
    }

    @Test(
        "turn colours to luma, rounded to the nearest level", arguments: Case.all,
        [
            ("grayscale", [0.2126, 0.7152, 0.0722]), ("grayscale:rec601", [0.299, 0.587, 0.114]),
        ])
    func grayscale(_ test: Case, weights: (specification: String, weights: [Double])) throws {
        let image = test.images[0]
        let source = ReferenceImage(image)
        expectAgreement(
            try filtered(image, [weights.specification]),
            source.grayed { source.luma($0, $1, weights: weights.weights) },
            levels: 0.505, wideLevels: 1.5)
    }
}
