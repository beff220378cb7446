import Codecs
import Images
import TestSupport
import Testing

@Suite("Every codec")
struct ValidFixturesTests {
    @Test("decodes valid files to the expected pixels", arguments: readablePaths)
    func decodes(path: String) throws {
        let bytes = try Fixture.bytes(path)
        let expectedPath = path.replacing("valid/", with: "expected/") + ".pam"
        let expected = try #require(PortableArbitraryMap(Fixture.bytes(expectedPath)))

        let image = try DecodedImage(bytes, by: CodecTable.codec(forFirstBytes: bytes.span))

        #expect(image.layout.width == expected.width && image.layout.height == expected.height)
        #expect(image.layout.format.channelCount == expected.channelCount)
        #expect(image.layout.format.bitsPerSample == expected.bitsPerSample)
        #expect(image.pixels == expected.pixels)
    }

    /// The files whose format this build reads.
    private static var readablePaths: [String] {
        Fixture.paths(in: "valid").filter { path in
            guard let bytes = try? Fixture.bytes(path) else { return false }
            return (try? CodecTable.codec(forFirstBytes: bytes.span)) != nil
        }
    }
}
