internal import CDeflate

/// One chunk of a PNG file (PNG, third edition, clause 5.3), found but not read.
struct PNGChunk {
    /// The four bytes of its type, the first in the highest byte: ``PNGChunkType`` has those known.
    let type: UInt32

    /// The place of its content in the file.
    let content: Range<Int>

    /// Whether a reader that does not know it may skip it: bit 5 of the first letter.
    var isAncillary: Bool { type & 0x2000_0000 != 0 }

    /// The offset of the chunk that follows.
    var end: Int { content.upperBound + 4 }

    /// Finds the chunk that begins at `offset`, or nil where the file ends before it does or its
    /// checksum is wrong.
    init?(in bytes: borrowing Span<UInt8>, at offset: Int) {
        // A chunk is its length, its type, its content and its checksum: 12 bytes and the content.
        guard offset >= 0, bytes.count - offset >= 12,
            let byteCount = Int(exactly: bytes.bigEndian32(at: offset)),
            byteCount <= bytes.count - offset - 12
        else { return nil }
        type = bytes.bigEndian32(at: offset + 4)
        content = offset + 8..<offset + 8 + byteCount
        let checksum = bytes.checksum(of: offset + 4..<content.upperBound)
        guard checksum == bytes.bigEndian32(at: content.upperBound) else { return nil }
    }
}

/// The chunk types that are looked at here.
enum PNGChunkType {
    static let header: UInt32 = 0x4948_4452  // IHDR
    static let palette: UInt32 = 0x504C_5445  // PLTE
    static let transparency: UInt32 = 0x7452_4E53  // tRNS
    static let imageData: UInt32 = 0x4944_4154  // IDAT
    static let end: UInt32 = 0x4945_4E44  // IEND
    static let profile: UInt32 = 0x6943_4350  // iCCP
    static let exif: UInt32 = 0x6558_4966  // eXIf
    static let internationalText: UInt32 = 0x6954_5874  // iTXt
}

/// The eight bytes that begin every PNG file.
let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

extension Span<UInt8> {
    /// The number in the four bytes from `offset` on, which must be in the span.
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16
            | UInt32(self[offset + 2]) << 8 | UInt32(self[offset + 3])
    }

    /// The CRC-32 of a part of the span, as chunks carry it.
    func checksum(of range: Range<Int>) -> UInt32 {
        let part = self.extracting(range)
        return unsafe part.withUnsafeBufferPointer { part in
            unsafe libdeflate_crc32(0, part.baseAddress, part.count)
        }
    }
}
