import Foundation
import Images
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
        Curve(specification: "gamma:2.2") { pow($0, 1 / 2.2) },
        Curve(specification: "levels:black=0.2,white=0.7,gamma=0.5") {
            pow(min(max(($0 - 0.2) / 0.5, 0), 1), 2)
        },
        Curve(specification: "posterize:5") { ($0 * 4).rounded() / 4 },
    ]

    @Test("are the formula, rounded to the nearest level", arguments: Case.all, curves)
    func formula(_ test: Case, curve: Curve) throws {
        let image = test.images[0]
        expectAgreement(
            try filtered(image, [curve.specification]),
            ReferenceImage(image).curved(curve.curve).clamped, levels: 0.5, wideLevels: 0.5)
    }

    static let matrices: [(specification: String, rows: [[Double]])] = [
        (
            "saturation:1.7",
            [
                [0.2126 * -0.7 + 1.7, 0.7152 * -0.7, 0.0722 * -0.7],
                [0.2126 * -0.7, 0.7152 * -0.7 + 1.7, 0.0722 * -0.7],
                [0.2126 * -0.7, 0.7152 * -0.7, 0.0722 * -0.7 + 1.7],
            ]
        ),
        ("sepia", [[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]]),
        (
            "sepia:0.5",
            [[0.6965, 0.3845, 0.0945], [0.1745, 0.843, 0.084], [0.136, 0.267, 0.5655]]
        ),
    ]

    @Test("weigh the colours by a matrix", arguments: Case.all, matrices)
    func matrix(_ test: Case, matrix: (specification: String, rows: [[Double]])) throws {
        let source = ReferenceImage(test.images[0])
        guard source.colorCount == 3 else { return }
        let expected = source.mapped { x, y, channel in
            if source.isAlpha(channel) { return source[x, y, channel] }
            return (0..<3).reduce(0) { $0 + matrix.rows[channel][$1] * source[x, y, $1] }
        }
        expectAgreement(
            try filtered(test.images[0], [matrix.specification]), expected.clamped,
            levels: 0.51, wideLevels: 0.6)
    }

    @Test("colour gray images where the filter is a tint")
    func tint() throws {
        let image = TestImage.flat(.grayAlpha8, ImageSize.odd[0], value: 100 << 8)
        let result = try filtered(image, ["sepia"])
        #expect(result.samples == [135, 120, 94, 100])
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
