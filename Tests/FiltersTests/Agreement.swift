import Filters
import Images
import Profiling
import TestSupport
import Testing

/// Runs a chain as an executor does, in memory that is no larger than the plan says.
func filtered(
    _ image: TestImage, _ specifications: [String], linear: Bool = false,
    orientation: Orientation = .topLeft, originalSize: ImageSize? = nil,
    resultFormat: PixelFormat? = nil, background: Color = .white
) throws -> TestImage {
    let plan = try FilterChain(specifications, linear: linear).plan(
        for: image.layout, orientation: orientation, originalSize: originalSize,
        resultFormat: resultFormat, background: background)
    var frame = image.bytes + Array(repeating: 0xA5, count: plan.byteCount - image.bytes.count)
    var scratch = FilterScratch()
    var samples = frame.mutableSpan
    var memory = unsafe samples.mutableBytes
    let layout = try plan.run(in: &memory, scratch: &scratch, checkpoint: .none)
    #expect(scratch.byteCount <= plan.scratchByteCount)
    return TestImage(layout, bytes: frame.dropFirst(plan.resultOffset))
}

/// Expects every sample to be within a number of levels of a reference, premultiplied.
///
/// At 16 bits there may be 16 times as many, or `wideLevels`.
func expectAgreement(
    _ result: TestImage, _ reference: ReferenceImage, levels: Double = 1,
    wideLevels: Double? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(
        result.layout.width == reference.width && result.layout.height == reference.height
            && result.layout.format.channelCount == reference.channelCount,
        "\(result.layout)", sourceLocation: sourceLocation)
    guard result.samples.count == reference.samples.count else { return }
    let allowed = result.white == 255 ? levels : wideLevels ?? 16 * levels
    let found = ReferenceImage(result).premultiplied.samples
    let expected = reference.premultiplied.samples
    var worst = (index: 0, difference: 0.0)
    for (index, pair) in zip(found, expected).enumerated() {
        let difference = abs(pair.0 - pair.1)
        if difference > worst.difference { worst = (index, difference) }
    }
    #expect(
        worst.difference <= allowed + 1e-6,
        "sample \(worst.index) is \(found[worst.index]), not \(expected[worst.index])",
        sourceLocation: sourceLocation)
}

/// Formats and sizes on which each filter is compared with its reference.
struct Case: CustomTestStringConvertible, Sendable {
    let format: PixelFormat
    let size: ImageSize

    var testDescription: String { "\(size) \(format)" }

    /// Noise, which finds wrong weights, and shapes, which find wrong places.
    var images: [TestImage] { [.noise(format, size), .shapes(format, size)] }

    static let all = PixelFormat.allCases.flatMap { format in
        ImageSize.odd.map { Case(format: format, size: $0) }
    }
}
