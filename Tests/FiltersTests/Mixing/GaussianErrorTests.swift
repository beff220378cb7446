import Foundation
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
        arguments: Array(stride(from: 0.1, through: 10, by: 0.02)))
    func whole(sigma: Double) {
        let whole = Whole(sigma: sigma)
        let fromWeights = errorFromWeights(whole.used, whole.exact)
        var fromRounding = errorFromRounding(
            productCount: whole.sums.weights.count, whole.sums.scale)
        if whole.kernel.spacing > 1 {
            // Five means of two, each rounded up by half a unit at most, of which the first are
            // halved by the next.
            fromRounding += 0.5 * (1 + 0.5 + 0.5 + 0.25 + 0.125) / 64
        }
        #expect(2 * (fromWeights + fromRounding) + 0.5 <= 1, "\(fromWeights) + \(fromRounding)")
    }

    @Test("is small enough for every other weight to be left out from a sigma of four on, mostly")
    func spaced() {
        func spacing(_ sigma: Double, isPrecise: Bool = false, isLinear: Bool = false) -> Int {
            GaussianKernel.spaced(sigma: sigma, isPrecise: isPrecise, isLinear: isLinear).spacing
        }
        for sigma in [4.2, 5, 5.3, 6, 7.3, 8, 9.4, 10] {
            #expect(spacing(sigma) == 2)
            #expect(spacing(sigma, isPrecise: true) == 1)
            #expect(spacing(sigma, isPrecise: true, isLinear: true) == 1)
        }
        for sigma in [17, 20, 30.5, 40, 63] as [Double] {
            #expect(spacing(sigma, isPrecise: true, isLinear: true) == 2)
        }
        #expect(spacing(2) == 1)
    }

    @Test(
        "of 16 bits is below sixteen levels for every input where it is summed in whole numbers",
        arguments: Array(stride(from: 0.8, through: 10, by: 0.02)))
    func paired(sigma: Double) throws {
        let exact = GaussianKernel.weights(sigma: sigma)
        let size = try #require(ImageSize(width: 9, height: 9))
        let layout = try #require(PixelLayout(size: size, format: .rgb16))
        #expect(PairedConvolution(of: layout, with: exact) != nil)
        let errors = try (0...2).map { place in
            let kernel = try #require(
                PairedKernel(exact, after: place, pairCount: exact.count / 2 + 2))
            #expect(kernel.used.reduce(0, +) == 1)
            return errorFromWeights(kernel.used, exact) * 65535 / 255
        }
        // What is summed along a row is rounded, and the sum of columns again.
        #expect(errors[0] + errors[1...].reduce(0, max) + 1 <= 16)
    }

    @Test("of 16 bits is that of floats where there is alpha, or a weight of more than a half")
    func notPaired() throws {
        let size = try #require(ImageSize(width: 9, height: 9))
        for (format, sigma) in [(PixelFormat.rgba16, 2.0), (.gray8, 2), (.rgb16, 0.5)] {
            let layout = try #require(PixelLayout(size: size, format: format))
            let weights = GaussianKernel.weights(sigma: sigma)
            #expect(PairedConvolution(of: layout, with: weights) == nil)
        }
    }

    @Test(
        "of 16 bits stays below sixteen levels for the input that is worst for its weights",
        arguments: [0.8, 2, 5, 10])
    func worstPaired(sigma: Double) throws {
        let exact = GaussianKernel.weights(sigma: sigma)
        let used = try #require(PairedKernel(exact, after: 0, pairCount: exact.count)).used
        let side = exact.count
        let size = try #require(ImageSize(width: side, height: side))
        let layout = try #require(PixelLayout(size: size, format: .gray16))
        for isInverse in [false, true] {
            let samples = (0..<side * side).map { index -> UInt16 in
                let (x, y) = (index % side, index / side)
                let isLarger = used[x] * used[y] > exact[x] * exact[y]
                return isLarger != isInverse ? 65535 : 0
            }
            let image = TestImage(layout, samples: samples)
            expectAgreement(
                try filtered(image, ["gaussian-blur:\(sigma)"]),
                ReferenceImage(image).gaussianBlurred(sigma: sigma))
        }
    }

    private func errorFromWeights(_ used: [Double], _ exact: [Double]) -> Double {
        var (sum, magnitudes) = (0.0, 0.0)
        for (used, exact) in zip(used, exact) {
            sum += used - exact
            magnitudes += abs(used - exact)
        }
        return (magnitudes + abs(sum)) * 127.5
    }

    private func errorFromRounding(productCount: Int, _ scale: WeightScale) -> Double {
        // Each product is cut to so many fractional bits, for which the sum begins with half of them.
        let bits = Int(scale.extraBits) + 5
        let fromProducts = Double(productCount + 1) / 2 / Double(1 << bits)
        // A sum of seven bits is then rounded to six.
        let fromSettling = bits > 6 ? 0.5 / 64 : 0
        return fromProducts + fromSettling
    }

    @Test(
        "of 8 bits is below two levels for every input where the image is made smaller",
        arguments: Self.wideSigmas)
    func reduced(sigma: Double) {
        let reduced = Reduced(sigma: sigma, isLinear: false)
        // Halving and enlarging have weights that whole numbers hold exactly.
        let (halving, enlarging) = (reduced.halving, reduced.halving.map { $0 * reduced.scale })
        let scales = [halving, enlarging].map { Int16.scale(for: [$0]) }
        for (weights, scale) in zip([halving, enlarging], scales) {
            #expect(weights.allSatisfy { Int16(weight: $0, scale).weight(scale) == $0 })
        }
        let fromWeights = zip(reduced.used, reduced.exact).map { errorFromWeights($0, $1) }.max()
        // An enlarged sample is made of four at most.
        let fromRounding =
            errorFromRounding(productCount: halving.count, scales[0])
            + errorFromRounding(productCount: reduced.sums.weights.count, reduced.sums.scale)
            + errorFromRounding(productCount: 4, scales[1])
        let pass = (fromWeights ?? .infinity) + fromRounding
        #expect(2 * pass + 0.5 <= 2, "\(pass), of which \(fromRounding) from rounding")
    }

    /// The error is that of one pass twice: the second pass sees what the first made, exact or not.
    @Test(
        "in linear light is below two levels for every input where not every weight is used",
        arguments: Self.wideSigmas)
    func linear(sigma: Double) {
        let reduced = Reduced(sigma: sigma, isLinear: true)
        let worst: Double?
        if reduced.factor > 1 {
            worst = zip(reduced.used, reduced.exact).map { worstEncodedError($0, $1) }.max()
        } else {
            let whole = Whole(sigma: sigma, isLinear: true)
            worst = worstEncodedError(whole.used, whole.exact)
        }
        // Floats have relative errors, which the encoding does not make larger.
        #expect(2 * (worst ?? .infinity) * 255 + 0.55 <= 2, "\(sigma)")
    }

    /// From ten to two hundred, as far apart everywhere in proportion.
    static let wideSigmas: [Double] = (0...300).map { step in
        10.001 * pow(19.99, Double(step) / 300)
    }

    /// What is furthest from the formula after encoding.
    ///
    /// The input whose error is largest for a given result of the formula has white where the
    /// used weight is largest in proportion to the exact one, or smallest.
    private func worstEncodedError(_ used: [Double], _ exact: [Double]) -> Double {
        struct Pair {
            let used: Double
            let exact: Double
        }
        var pairs: [Pair] = []
        for (used, exact) in zip(used, exact) where used > 0 || exact > 0 {
            pairs.append(Pair(used: used, exact: exact))
        }
        pairs.sort { $0.used * $1.exact > $1.used * $0.exact }
        func largest(_ pairs: [Pair]) -> Double {
            var (found, expected, largest) = (0.0, 0.0, 0.0)
            for pair in pairs {
                found += pair.used
                expected += pair.exact
                let error = LinearTests.encoded(found) - LinearTests.encoded(expected)
                largest = max(largest, abs(error))
            }
            return largest
        }
        return max(largest(pairs), largest(pairs.reversed()))
    }

    @Test("is small in the middle of a black square in linear light, where the encoding is steep")
    func hole() throws {
        let radius = 33
        let side = 2 * radius + 21
        let size = try #require(ImageSize(width: side, height: side))
        let layout = try #require(PixelLayout(size: size, format: .gray8))
        let samples = (0..<side * side).map { index -> UInt16 in
            let (dx, dy) = (index % side - side / 2, index / side - side / 2)
            return max(abs(dx), abs(dy)) <= radius ? 0 : 255
        }
        let result = try filtered(
            TestImage(layout, samples: samples), ["gaussian-blur:11"], linear: true)
        #expect(result.samples[side * side / 2] <= 2)
    }

    @Test(
        "stays below a level for the input that is worst for its weights",
        arguments: [5, 6, 7.3, 10])
    func worst(sigma: Double) throws {
        let whole = Whole(sigma: sigma)
        let (used, exact) = (whole.used, whole.exact)
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

/// The weights with which samples count for a result where it is as large, and those of the formula.
private struct Whole {
    let kernel: SpacedKernel
    let sums: SymmetricSums<Int16>
    private(set) var used: [Double]
    private(set) var exact: [Double]

    init(sigma: Double, isLinear: Bool = false) {
        kernel = GaussianKernel.spaced(sigma: sigma, isPrecise: isLinear, isLinear: isLinear)
        sums = SymmetricSums(kernel)
        let weights =
            isLinear ? kernel.weights : sums.weights.map { [sums] in $0.weight(sums.scale) }
        let smoothing = kernel.spacing == 1 ? [1] : [1.0, 4, 6, 4, 1].map { $0 / 16 }
        used = Array(repeating: 0, count: 2 * kernel.radius + smoothing.count)
        for (pair, weight) in weights.enumerated() {
            let distance = pair == 0 ? 0 : kernel.spacing * pair - kernel.shift
            for side in Set([-distance, distance]) {
                for (tap, part) in smoothing.enumerated() {
                    used[kernel.radius + side + tap] += weight * part
                }
            }
        }
        exact = GaussianKernel.weights(sigma: sigma)
        let missing = (used.count - exact.count) / 2
        let zeros = [Double](repeating: 0, count: abs(missing))
        if missing > 0 { exact = zeros + exact + zeros } else { used = zeros + used + zeros }
    }
}

/// The weights with which samples count for a result where the image is made smaller and larger
/// again, and those of the formula, for each place of a result between samples of the smaller image.
private struct Reduced {
    let factor: Int
    let halving: [Double]
    let sums: SymmetricSums<Int16>
    private(set) var used: [[Double]] = []
    private(set) var exact: [[Double]] = []

    /// What enlarging multiplies its weights by.
    var scale: Double { Double(factor) }

    init(sigma: Double, isLinear: Bool) {
        factor = ReducedConvolution<Int16>.factor(sigma: sigma, isLinear: isLinear)
        halving = ReducedConvolution<Int16>.halvingWeights(factor: factor)
        let rest = ReducedConvolution<Int16>.rest(ofSigma: sigma, factor: factor)
        let kernel = GaussianKernel.weights(sigma: rest)
        sums = SymmetricSums(SpacedKernel(kernel))
        let half = sums.weights.map { $0.weight(sums.scale) }
        let blur = isLinear ? kernel : half.dropFirst().reversed() + half
        // What a sample of the smaller image is made of after the blur.
        var blurred = [Double](repeating: 0, count: factor * (blur.count - 1) + halving.count)
        for (tap, weight) in blur.enumerated() {
            for (index, part) in halving.enumerated() {
                blurred[tap * factor + index] += weight * part
            }
        }
        let formula = GaussianKernel.weights(sigma: sigma)
        let margin = max(formula.count, blurred.count) / 2 + 3 * factor
        for place in 0..<factor {
            var used = [Double](repeating: 0, count: 2 * margin + 1)
            var exact = used
            for sample in -3...3 {
                let index = place - factor * sample + factor - 1
                guard halving.indices.contains(index) else { continue }
                let start = margin + factor * (sample - blur.count / 2) - (factor - 1)
                for (offset, weight) in blurred.enumerated() {
                    used[start + offset] += halving[index] * scale * weight
                }
            }
            for (offset, weight) in formula.enumerated() {
                exact[margin + place - formula.count / 2 + offset] = weight
            }
            self.used.append(used)
            self.exact.append(exact)
        }
    }
}
