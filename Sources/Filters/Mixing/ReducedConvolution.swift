internal import Images
internal import Profiling

/// A wide Gaussian on an image that is made smaller first and larger again after.
///
/// It takes a fraction of the time, and about the same for every sigma (P. Burt, "Fast Filter Transforms for Image
/// Processing", 1981).
///
/// The image is halved several times by the weights 1 3 3 1, and enlarged by the same, which both
/// blur a little; the Gaussian on the smaller image makes up for the rest of the variance. What is
/// lost is the step where the formula cuts the Gaussian off: the magnitudes of all errors of the
/// weights add up to 0.2 % along one axis, so that no input is further than two levels of 255 from
/// the formula. In linear light the dark ones are spread out by the encoding, up to thirteen times,
/// so that the same needs a wider Gaussian, whose step is lower.
struct ReducedConvolution<Working: WorkingSample>: Sendable {
    private let format: WorkingFormat
    private let reducing: Resampling<Working>
    private let blurring: ConvolutionInPlace<Working>
    private let enlarging: Resampling<Working>
    private let reduced: PixelLayout

    /// Pixels of the smaller image beyond the border, where it has become flat.
    private static var margin: Int { 2 }

    /// Makes the filter, or nil for a sigma that is too small for it, or for an image that has so few
    /// rows or columns that those around the smaller one take more memory than they may.
    init?(of layout: PixelLayout, sigma: Double, isLinear: Bool) {
        let factor = Self.factor(sigma: sigma, isLinear: isLinear)
        guard factor > 1 else { return nil }
        func reducedCount(_ count: Int) -> Int {
            (count + factor - 1) / factor + 2 * Self.margin
        }
        guard
            let size = ImageSize(
                width: reducedCount(layout.width), height: reducedCount(layout.height)),
            let reduced = PixelLayout(size: size, format: layout.format)
        else { return nil }
        self.reduced = reduced
        format = WorkingFormat(of: layout.format, isLinear: isLinear)
        let room =
            ScratchMemory.room(for: layout)
            - ScratchMemory.byteCount(reduced.samplesPerRow * reduced.height, of: Working.self)
        let weights = Self.halvingWeights(factor: factor)
        func reducingTaps(_ count: Int) -> [Taps] {
            (0..<count).map {
                Taps(start: factor * ($0 - Self.margin) - (factor - 1), weights: weights)
            }
        }
        func enlargingTaps(_ count: Int) -> [Taps] {
            (0..<count).map { place in
                // The smaller image's samples whose weights reach this place.
                let first = (place - 2 * factor + 2 + 4 * factor - 1) / factor - 3
                let last = (place + factor - 1) / factor
                return Taps(
                    start: first + Self.margin,
                    weights: (first...max(first, last)).map { sample in
                        let index = place - factor * sample + factor - 1
                        return weights.indices.contains(index)
                            ? weights[index] * Double(factor) : 0
                    })
            }
        }
        reducing = Resampling(
            source: layout, result: reduced, columns: reducingTaps(reduced.width),
            rows: reducingTaps(reduced.height), isLinear: isLinear, room: room)
        blurring = ConvolutionInPlace(
            of: reduced,
            with: GaussianKernel.weights(sigma: Self.rest(ofSigma: sigma, factor: factor)),
            room: room)
        enlarging = Resampling(
            source: reduced, result: layout, columns: enlargingTaps(layout.width),
            rows: enlargingTaps(layout.height), isLinear: isLinear, room: room)
        if scratchByteCount > ScratchMemory.room(for: layout) { return nil }
    }

    /// By how much the image is made smaller: 1 where nothing may be lost by it.
    ///
    /// At more than 16 the rounding of so many products of whole numbers would show.
    static func factor(sigma: Double, isLinear: Bool) -> Int {
        if isLinear { return sigma < 64 ? 1 : 2 }
        var factor = 1
        while factor < 16 && sigma >= Double(10 * factor) { factor *= 2 }
        return factor
    }

    /// The sigma of the Gaussian on the smaller image.
    static func rest(ofSigma sigma: Double, factor: Int) -> Double {
        // Halving and enlarging add (factor² − 1)/4 each to the variance.
        let area = Double(factor * factor)
        return ((sigma * sigma - (area - 1) / 2) / area).squareRoot()
    }

    /// What one sample of the smaller image is made of: 1 3 3 1 for each halving, spread out.
    static func halvingWeights(factor: Int) -> [Double] {
        var weights = [1.0]
        var spacing = 1
        while spacing < factor {
            var next = Array(repeating: 0.0, count: weights.count + 3 * spacing)
            for (index, weight) in weights.enumerated() {
                for (tap, part) in [0.125, 0.375, 0.375, 0.125].enumerated() {
                    next[index + tap * spacing] += weight * part
                }
            }
            weights = next
            spacing *= 2
        }
        return weights
    }

    /// The bytes of scratch memory that a run takes.
    var scratchByteCount: Int {
        ScratchMemory.byteCount(reduced.samplesPerRow * reduced.height, of: Working.self)
            + max(
                reducing.scratchByteCount, blurring.scratchByteCount, enlarging.scratchByteCount)
    }

    /// Writes each row of the result as samples.
    func run<Sample: PixelSample>(
        _ source: Rows<Sample>, into result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) {
        let small: Rows<Working> = scratch.takeRows(
            reduced.height, elementsPerRow: reduced.samplesPerRow)
        // Each step has the rest of the memory to itself.
        var rest = scratch
        try reducing.run(rows: 0..<reduced.height, scratch: &rest, checkpoint: checkpoint) {
            format.prepare(source[$0], into: $1)
        } body: {
            small[$0].copy($1)
        }
        rest = scratch
        try blurring.run(small, scratch: &rest, checkpoint: checkpoint)
        rest = scratch
        try enlarging.run(rows: 0..<result.count, scratch: &rest, checkpoint: checkpoint) {
            $1.copy(small[$0])
        } body: {
            format.finish($1, into: result[$0])
        }
    }
}
