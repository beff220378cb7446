#if HAVE_DEFLATE
    internal import CDeflate
#endif
internal import CPNG
internal import Images

/// One chunk of a PNG file: length, type, content, checksum (PNG, third edition, clause 5.3).
struct PNGChunk {
    /// Four letters; the case of each says how decoders that do not know the chunk treat it.
    struct Kind: Equatable {
        /// The letters, first one in the highest byte.
        let code: UInt32

        /// Makes a type from its four ASCII letters.
        init(_ letters: StaticString) {
            precondition(letters.utf8CodeUnitCount == 4, "a chunk's type has four letters")
            code = (0..<4).reduce(0) { unsafe $0 << 8 | UInt32(letters.utf8Start[$1]) }
        }

        fileprivate init(code: UInt32) {
            self.code = code
        }

        /// The letters as bytes.
        var letters: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: code >> (24 - 8 * $0)) } }

        /// The letters, or the code of a type that is none.
        var name: String {
            isValid ? String(decoding: letters, as: UTF8.self) : hexadecimal(code)
        }

        /// Whether an image can't be shown without it.
        var isCritical: Bool { code & 0x2000_0000 == 0 }

        /// Whether all four are letters.
        var isValid: Bool {
            letters.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
        }
    }

    /// The bytes of length, type and checksum.
    static let frameByteCount = 12

    /// What the chunk is.
    let kind: Kind

    /// Where its length lies in the file.
    let offset: Int

    /// The bytes of its content, as its length announces them.
    let announcedByteCount: Int

    /// Where its content lies in the file, as far as the file goes.
    let content: Range<Int>

    /// Whether the whole content and the checksum are in the file.
    let isWhole: Bool

    /// The offset of the next chunk; beyond the file if this one is not whole.
    var end: Int { offset + Self.frameByteCount + announcedByteCount }

    /// Reads the frame of the chunk at `offset`, or nil where the file has fewer than 8 bytes left.
    init?(at offset: Int, of bytes: borrowing Span<UInt8>) {
        guard bytes.count - offset >= 8 else { return nil }
        self.offset = offset
        announcedByteCount = bytes.bigEndian32(at: offset)
        kind = Kind(code: UInt32(bytes.bigEndian32(at: offset + 4)))
        let start = offset + 8
        content = start..<min(start + announcedByteCount, bytes.count)
        isWhole = start + announcedByteCount + 4 <= bytes.count
    }

    /// Throws if the chunk is cut off, or if its checksum is not that of its bytes.
    func check(in bytes: borrowing Span<UInt8>) throws(CodecError) {
        guard isWhole else { throw truncated }
        let stored = UInt32(bytes.bigEndian32(at: content.upperBound))
        let computed = Self.checksum(of: bytes.extracting(offset + 4..<content.upperBound))
        guard stored == computed else {
            throw malformed(
                "has checksum \(hexadecimal(stored)), its bytes \(hexadecimal(computed))")
        }
    }

    /// The error of a chunk that the file's end cuts off.
    var truncated: CodecError {
        content.count < announcedByteCount
            ? malformed(
                "is truncated: \(announcedByteCount) bytes announced, \(content.count) present")
            : malformed("is truncated: its checksum is missing")
    }

    /// The error of a chunk that breaks a rule: `chunk IHDR announces … (offset 8)`.
    func malformed(_ what: String) -> CodecError {
        .malformed(.png, clause(what))
    }

    /// A clause that names the chunk and its place.
    func clause(_ what: String) -> String {
        "chunk \(kind.name) \(what) (offset \(offset))"
    }

    /// The CRC-32 of bytes (PNG, third edition, annex D).
    static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            #if HAVE_DEFLATE
                unsafe libdeflate_crc32(0, bytes.baseAddress, bytes.count)
            #else
                UInt32(truncatingIfNeeded: unsafe crc32_z(0, bytes.baseAddress, bytes.count))
            #endif
        }
    }
}

extension PNGChunk.Kind {
    static let header = Self("IHDR")
    static let palette = Self("PLTE")
    static let imageData = Self("IDAT")
    static let end = Self("IEND")
    static let transparency = Self("tRNS")
    static let profile = Self("iCCP")
    static let exif = Self("eXIf")
    static let internationalText = Self("iTXt")
    static let animation = Self("acTL")
    static let appleVariant = Self("CgBI")
}

private func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
