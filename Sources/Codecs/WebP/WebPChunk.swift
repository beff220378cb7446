internal import Images

/// One chunk of a WebP file: four letters, a length, a content, a byte of padding after an odd one
/// (RFC 9649, section 2.3).
struct WebPChunk {
    /// The bytes of letters and length.
    static let headerByteCount = 8

    /// The four letters.
    let name: String

    /// Where the letters lie in the file.
    let offset: Int

    /// The bytes of the content, as the length announces them.
    let announcedByteCount: Int

    /// Where the content lies in the file, as far as it goes.
    let content: Range<Int>

    /// The offset of the next chunk.
    var end: Int { offset + Self.headerByteCount + announcedByteCount + announcedByteCount % 2 }

    /// Reads the header of the chunk at `offset`; nil if fewer than 8 bytes come before `limit`.
    init?(at offset: Int, before limit: Int, of bytes: borrowing Span<UInt8>) {
        guard limit - offset >= Self.headerByteCount else { return nil }
        name = String(
            decoding: (offset..<offset + 4).map { bytes[$0] }.map { $0.isPrintable ? $0 : 0x3F },
            as: UTF8.self)
        self.offset = offset
        announcedByteCount = bytes.littleEndian32(at: offset + 4)
        let start = offset + Self.headerByteCount
        content = start..<min(start + announcedByteCount, limit)
    }

    /// Throws if the chunk is cut off.
    func check() throws(CodecError) {
        guard content.count == announcedByteCount else {
            throw malformed(
                "is truncated: \(announcedByteCount) bytes announced, \(content.count) present")
        }
    }

    /// The error of a chunk that breaks a rule.
    func malformed(_ what: String) -> CodecError {
        let letters = name.hasSuffix(" ") ? String(name.dropLast()) : name
        return .malformed(.webp, "chunk \(letters) \(what) (offset \(offset))")
    }
}

extension UInt8 {
    fileprivate var isPrintable: Bool { (0x20...0x7E).contains(self) }
}

extension Array<UInt8> {
    /// Adds a whole chunk, with its padding.
    mutating func append(chunk name: StaticString, _ content: some Collection<UInt8>) {
        append(contentsOf: Array(name.description.utf8))
        append(littleEndian: UInt32(content.count))
        append(contentsOf: content)
        if !content.count.isMultiple(of: 2) { append(0) }
    }
}
