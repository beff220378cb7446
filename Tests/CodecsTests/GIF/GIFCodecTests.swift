import Codecs
import Images
import Profiling
import TestSupport
import Testing

@Suite("The GIF codec")
struct GIFCodecTests {
    private let codec = GIFCodec()
    private let colors: [UInt8] = [10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42]

    @Test("replaces indices by colours")
    func replacesIndices() throws {
        let file = GIFBuilder(width: 2, height: 1, colors: colors)
            .addingImage(width: 2, height: 1, codes: [256, 3, 1, 257])

        let image = try DecodedImage(file.bytes, by: codec)

        #expect(image.layout.format == .rgb8)
        #expect(image.pixels == [40, 41, 42, 20, 21, 22])
        #expect(image.report == DecodeReport())
    }

    @Test("follows strings, also one that is just being added")
    func followsStrings() throws {
        // 1 · 11 (code 258, new) · 111 (code 259, new) · 11 · 2
        let file = GIFBuilder(width: 9, height: 1, colors: colors)
            .addingImage(width: 9, height: 1, codes: [256, 1, 258, 259, 258, 2, 257])

        let image = try DecodedImage(file.bytes, by: codec)

        #expect(
            image.pixels.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
                == [20, 20, 20, 20, 20, 20, 20, 20, 30])
    }

    @Test("gives an index alpha 0 where it is transparent, and black where it has no colour")
    func knowsTransparency() throws {
        let file = GIFBuilder(width: 3, height: 1, colors: colors).addingTransparency(of: 2)
            .addingImage(width: 3, height: 1, codes: [256, 2, 0, 200, 257])

        let image = try DecodedImage(file.bytes, by: codec)

        #expect(image.pixels == [30, 31, 32, 0, 10, 11, 12, 255, 0, 0, 0, 255])
    }

    @Test("leaves the screen transparent around a smaller image")
    func placesSmallerImage() throws {
        let file = GIFBuilder(width: 3, height: 2, colors: colors)
            .addingImage(x: 1, y: 1, width: 1, height: 1, codes: [256, 1, 257])

        let image = try DecodedImage(file.bytes, by: codec)

        #expect(
            image.pixels
                == [UInt8](repeating: 0, count: 16) + [20, 21, 22, 255] + [0, 0, 0, 0])
    }

    @Test("enlarges the screen where the image goes beyond it")
    func enlargesScreen() throws {
        let file = GIFBuilder(width: 1, height: 1, colors: colors)
            .addingImage(x: 1, y: 0, width: 1, height: 1, codes: [256, 1, 257])

        #expect(
            try DecodedImage(file.bytes, by: codec).pixels == [0, 0, 0, 0, 20, 21, 22, 255])
    }

    @Test("puts interlaced rows in order", arguments: 1...20)
    func deinterlaces(height: Int) throws {
        // The rows of the four passes, by the rule of appendix E read backwards.
        let order = (0..<height).sorted { pass($0) == pass($1) ? $0 < $1 : pass($0) < pass($1) }
        let file = GIFBuilder(
            width: 1, height: UInt8(height),
            colors: (0..<32).flatMap { [UInt8($0), UInt8($0), UInt8($0)] }
        ).addingImage(
            width: 1, height: UInt8(height), codes: [256] + order + [257], isInterlaced: true)

        let image = try DecodedImage(file.bytes, by: codec)

        #expect(image.pixels == (0..<height).flatMap { [UInt8($0), UInt8($0), UInt8($0)] })
    }

    private func pass(_ row: Int) -> Int {
        row % 8 == 0 ? 0 : row % 8 == 4 ? 1 : row % 4 == 2 ? 2 : 3
    }

    @Test("counts the frames and decodes the first")
    func countsFrames() throws {
        let file = GIFBuilder(width: 1, height: 1, colors: colors)
            .addingImage(width: 1, height: 1, codes: [256, 3, 257])
            .addingTransparency(of: 3)
            .addingImage(width: 1, height: 1, codes: [256, 0, 257]).adding(bytes: [0x3B])

        let image = try DecodedImage(file.bytes, by: codec)

        #expect(image.header.frameCount == 2)
        #expect(image.pixels == [40, 41, 42])
        #expect(image.report.warnings == ["only the first of 2 frames is converted"])
    }

    @Test(
        "fails for code that can't be", arguments: [([300], 300, 258), ([256, 1, 260], 260, 258)])
    func refusesImpossibleCodes(codes: [Int], code: Int, largest: Int) throws {
        let file = GIFBuilder(width: 9, height: 1, colors: colors)
            .addingImage(width: 9, height: 1, codes: codes + [0, 0, 0])

        let error = #expect(throws: CodecError.self) { try DecodedImage(file.bytes, by: codec) }

        #expect(
            error?.description.hasPrefix(
                "the pixel data has code \(code) where at most \(largest) is possible") == true)
    }

    @Test("names what is wrong", arguments: malformedFiles)
    func namesWhatIsWrong(file: GIFBuilder, message: String) {
        let error = #expect(throws: CodecError.self) { try DecodedImage(file.bytes, by: codec) }

        #expect(error?.description == message)
    }

    private static var malformedFiles: [(GIFBuilder, String)] {
        let colors = [UInt8](repeating: 7, count: 6)
        let empty = GIFBuilder(width: 2, height: 2, colors: colors)
        return [
            (empty, "there is no image at offset 19"),
            (empty.adding(bytes: [0x2C, 0]), "the image header is truncated (offset 19)"),
            (
                GIFBuilder(width: 2, height: 2, colors: [])
                    .addingImage(width: 2, height: 2, codes: [256]),
                "the image has no colour table (offset 13)"
            ),
            (
                empty.addingImage(width: 0, height: 2, codes: []),
                "the image is 0×2 pixels (offset 19)"
            ),
            (
                empty.addingImage(width: 2, height: 2, codes: [256, 0, 0, 1, 257]),
                "the pixel data ends in row 1 of 2"
            ),
            (
                empty.adding(bytes: [0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 12, 0]),
                "the minimum code size is not 1 to 8 (offset 29)"
            ),
            (
                empty.adding(bytes: [0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0x80, 1, 2]),
                "the colour table is truncated: 6 bytes announced, 2 present (offset 29)"
            ),
        ]
    }

    @Test("survives truncation and any changed byte")
    func survivesDamage() throws {
        let file = GIFBuilder(width: 3, height: 2, colors: colors).addingTransparency(of: 2)
            .addingImage(width: 3, height: 2, codes: [256, 1, 258, 2, 1, 0, 257]).bytes

        for index in file.indices {
            _ = try? DecodedImage(Array(file[..<index]), by: codec)
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var changed = file
                changed[index] ^= mask
                _ = try? DecodedImage(changed, by: codec)
            }
        }
    }

    @Test("stops when its checkpoint says so")
    func stops() throws {
        let file = GIFBuilder(width: 1, height: 1, colors: colors)
            .addingImage(width: 1, height: 1, codes: [256, 3, 257])

        #expect(throws: CodecError.interrupted(.cancelled)) {
            try DecodedImage(file.bytes, by: codec, checkpoint: .cancelled)
        }
    }

    @Test("is only read")
    func isOnlyRead() throws {
        let layout = try PixelLayout.of(1, 1, .rgb8)

        #expect(codec.formatToEncode(.rgb8) == nil)
        #expect(throws: CodecError.unsupported(.gif, "writing")) {
            try codec.encode([1, 2, 3], as: layout)
        }
    }
}
