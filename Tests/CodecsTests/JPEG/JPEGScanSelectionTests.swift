import Images
import Profiling
import TestSupport
import Testing

@testable import Codecs

@Suite("The scans for an eighth of the size")
struct JPEGScanSelectionTests {
    @Test(
        "decode to the same pixels as the whole file, of which they are a part",
        arguments: ["gray", "ycc_420", "ycc_422", "ycc_444"])
    func decodeTheSame(name: String) throws {
        let file = try Fixture.bytes("valid/\(name)_progressive_49x35.jpg")
        let header = try JPEGCodec().probe(file.span, limits: .default)
        let layout = header.layout(shrunkBy: 8)

        let selected = JPEGScanSelection.forEighth(file.span)

        let selection = try #require(selected)
        #expect(selection.count < file.count)
        #expect(try decoded(selection, layout) == decoded(file, layout))
    }

    @Test("are not selected from a baseline file, and not from one that is cut at any byte")
    func areNotSelected() throws {
        let baseline = try Fixture.bytes("valid/ycc_420_49x35.jpg")
        let progressive = try Fixture.bytes("valid/ycc_420_progressive_49x35.jpg")

        let ofBaseline = JPEGScanSelection.forEighth(baseline.span)
        #expect(ofBaseline == nil)
        for count in 0..<progressive.count - 1 {
            let part = Array(progressive[..<count])
            let ofPart = JPEGScanSelection.forEighth(part.span)
            #expect(ofPart == nil)
        }
    }

    private func decoded(_ file: [UInt8], _ layout: PixelLayout) throws -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: layout.byteCount)
        var span = pixels.mutableSpan
        var bytes = unsafe span.mutableBytes
        _ = try LibJPEG.read(
            file.span, as: layout, shrunkBy: 8, into: &bytes, checkpoint: .none)
        return pixels
    }
}
