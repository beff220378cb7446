import Images
import TestSupport
import Testing

@testable import Filters

/// How far a Gaussian can be from the formula, whatever the input is.
///
/// The worst input is white where a weight is too large and black where it is too small: half the range
/// times the sum of the magnitudes of all errors of the weights. Two passes add up, since
/// the weights of each sum to one.
@Suite("The error of a Gaussian")
struct GaussianErrorTests {
    @Test(
        "of 8 bits is below a level for every input up to a sigma of ten",
        arguments: Array(stride(from: 0.1, through: 10, by: 0.05)))
    func whole(sigma: Double) {
        let exact = GaussianKernel.weights(sigma: sigma)
        let sums = SymmetricSums<Int16>(exact)
        let half = sums.weights.map { $0.weight(sums.scale) }
        let used = half.dropFirst().reversed() + half
        #expect(used.count == exact.count)
        let errors = zip(used, exact).map { $0 - $1 }
        let total = abs(errors.reduce(0, +))
        let fromWeights = errors.reduce(0) { $0 + abs($1) } * 127.5 + total * 127.5
        // Each product is cut to so many fractional bits, for which the sum begins with half of them.
        let bits = Int(sums.scale.extraBits) + 5
        let fromProducts = (Double(half.count) + 1) / 2 / Double(1 << bits)
        // A sum of seven bits is then rounded to six.
        let fromSettling = bits > 6 ? 0.5 / 64 : 0
        let pass = fromWeights + fromProducts + fromSettling
        #expect(2 * pass + 0.5 <= 1, "\(fromWeights) + \(fromProducts) + \(fromSettling)")
    }

    @Test(
        "stays below a level for the input that is worst for its weights", arguments: [5, 7.3, 10])
    func worst(sigma: Double) throws {
        let exact = GaussianKernel.weights(sigma: sigma)
        let sums = SymmetricSums<Int16>(exact)
        let half = sums.weights.map { $0.weight(sums.scale) }
        let used = Array(half.dropFirst().reversed() + half)
        let side = exact.count
        let size = try #require(ImageSize(width: side, height: side))
        let layout = try #require(PixelLayout(size: size, format: .gray8))
        for isInverse in [false, true] {
            let samples = (0..<side * side).map { index -> UInt16 in
                let (x, y) = (index % side, index / side)
                let isLarger = used[x] * used[y] > exact[x] * exact[y]
                return isLarger != isInverse ? 255 : 0
            }
            let image = TestImage(layout, samples: samples)
            expectAgreement(
                try filtered(image, ["gaussian-blur:\(sigma)"]),
                ReferenceImage(image).gaussianBlurred(sigma: sigma))
        }
    }
}
