import TestSupport
import Testing

@testable import Codecs

@Suite("A directory of tags")
struct TagDirectoryTests {
    /// The maker, an exposure of 1/60 in the EXIF directory, a latitude of 3 degrees in that of GPS.
    private let directory = TagDirectory(
        entries: [TagDirectory.Entry(tag: 0x010F, type: .ascii, value: Array("Maker\0".utf8))],
        parts: [
            0x8769: TagDirectory(
                entries: [
                    TagDirectory.Entry(
                        tag: 0x829A, type: .rational, value: [1, 0, 0, 0, 60, 0, 0, 0]),
                    TagDirectory.Entry(tag: 0x8827, type: .short, value: [0x90, 0x01]),
                ],
                parts: [
                    0xA005: TagDirectory(entries: [
                        TagDirectory.Entry(tag: 1, type: .ascii, value: Array("R98\0".utf8))
                    ])
                ]),
            0x8825: TagDirectory(entries: [
                TagDirectory.Entry(tag: 2, type: .rational, value: [3, 0, 0, 0, 1, 0, 0, 0])
            ]),
        ])

    /// What `directory` says of maker and exposure, high bytes first, with an orientation.
    private let bigEndianBlock: [UInt8] =
        Array("MM\0*".utf8) + [0, 0, 0, 8, 0, 3]
        + [0x01, 0x0F, 0, 2, 0, 0, 0, 6, 0, 0, 0, 50]
        + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
        + [0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 56] + [0, 0, 0, 0]
        + Array("Maker\0".utf8)
        + [0, 2, 0x82, 0x9A, 0, 5, 0, 0, 0, 1, 0, 0, 0, 86]
        + [0x88, 0x27, 0, 3, 0, 0, 0, 1, 0x01, 0x90, 0, 0] + [0, 0, 0, 0]
        + [0, 0, 0, 1, 0, 0, 0, 60]

    @Test("is read from the block that it makes, with what it points to")
    func isReadFromBlock() {
        let block = TagWriter.block(of: directory)

        #expect(TagReader.directory(of: block.span) == directory)
    }

    @Test("has numbers in one order, whatever the order of the block, and no orientation")
    func hasOneOrder() throws {
        var expected = directory
        expected.parts[0x8825] = nil
        expected.parts[0x8769]?.parts = [:]

        #expect(TagReader.directory(of: bigEndianBlock.span) == expected)
    }

    @Test("is added to a large TIFF file beside its own tags, of which none is replaced")
    func isAddedToLargeFile() {
        var file = Array("II+\0".utf8) + [8, 0, 0, 0] + [16, 0, 0, 0, 0, 0, 0, 0]
        file += [2, 0, 0, 0, 0, 0, 0, 0]
        file += [0x0F, 0x01, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0x41, 0, 0, 0, 0, 0, 0, 0]
        file += [0x31, 0x01, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0x42, 0, 0, 0, 0, 0, 0, 0]
        file += [0, 0, 0, 0, 0, 0, 0, 0]

        let result = TagWriter.added(directory, toTIFF: file)

        var expected = directory
        expected.entries = [
            TagDirectory.Entry(tag: 0x010F, type: .ascii, value: [0x41, 0]),
            TagDirectory.Entry(tag: 0x0131, type: .ascii, value: [0x42, 0]),
        ]
        #expect(TagReader.directory(of: result.span) == expected)
        #expect(result.starts(with: file[..<8]) && result[16..<file.count] == file[16...])
    }

    @Test("has no tag that says how pixels are stored")
    func hasNoTagOfPixels() {
        var block = bigEndianBlock
        block[11] = 0x11  // StripOffsets instead of the maker

        #expect(TagReader.directory(of: block.span)?.entries.isEmpty == true)
    }

    @Test("ends where it points to itself")
    func endsWhereItPointsToItself() {
        var block = bigEndianBlock
        block[45] = 8

        let directory = TagReader.directory(of: block.span)

        #expect(directory?.parts[0x8769]?.parts.isEmpty == true)
    }

    @Test("has values of a megabyte at most, however often the block lends them")
    func isBounded() {
        var block = Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0]
        block += [0x69, 0x87, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0]
        let entryCount = 1000
        block += [UInt8(entryCount & 0xFF), UInt8(entryCount >> 8)]
        for tag in 0..<entryCount {
            // 2¹⁸ bytes from the start of the block on.
            block += [UInt8(tag & 0xFF), UInt8(tag >> 8), 7, 0, 0, 0, 4, 0, 0, 0, 0, 0]
        }
        block += [UInt8](repeating: 0, count: 1 << 18)

        let entries = TagReader.directory(of: block.span)?.parts[0x8769]?.entries ?? []

        #expect(entries.count == 4)
    }

    @Test("is read without harm wherever its block is cut off and whatever bytes are changed")
    func survivesDamage() {
        for block in [bigEndianBlock, TagWriter.block(of: directory)] {
            for index in block.indices {
                let cut = TagReader.directory(of: Array(block[..<index]).span)
                // Nobody needs the four bytes that say that no directory follows.
                #expect(index >= block.count - 4 || cut != directory)
                for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                    var changed = block
                    changed[index] = value
                    let read = TagReader.directory(of: changed.span)
                    if let read {
                        #expect(TagReader.directory(of: TagWriter.block(of: read).span) == read)
                    }
                }
            }
        }
    }
}
