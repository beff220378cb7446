/// Reads the directories of an EXIF block or a TIFF file, in either byte order.
///
/// What does not lie in the file is left out, and what makes no sense.
struct TagReader {
    private let form: TagForm
    private let isLittleEndian: Bool

    /// The bytes of values that may still be copied: entries may share them.
    private var byteLimit = 1 << 20

    private static let largestEntryCount = 4096

    /// The tags that describe the image; nil if the header is that of neither.
    static func directory(of bytes: Span<UInt8>) -> TagDirectory? {
        guard var reader = TagReader(headerOf: bytes),
            let offset = reader.number(
                at: reader.form.firstOffset, byteCount: reader.form.offsetByteCount, of: bytes)
        else { return nil }
        return reader.directory(at: offset, kind: .first, of: bytes)
    }

    private init?(headerOf bytes: Span<UInt8>) {
        isLittleEndian = bytes.has("II", at: 0)
        let isBig = bytes.has("II+\0\u{8}\0", at: 0) || bytes.has("MM\0+\0\u{8}", at: 0)
        guard isBig || bytes.has("II*\0", at: 0) || bytes.has("MM\0*", at: 0) else { return nil }
        form = TagForm(isBig: isBig)
    }

    private mutating func directory(
        at offset: Int, kind: TagDirectory.Kind, of bytes: Span<UInt8>
    ) -> TagDirectory {
        var directory = TagDirectory()
        guard
            let announced = number(at: offset, byteCount: form.entryCountByteCount, of: bytes)
        else { return directory }
        let start = offset + form.entryCountByteCount
        let present = (bytes.count - start) / form.entryByteCount
        var seen: Set<Int> = []
        for index in 0..<min(announced, present, Self.largestEntryCount) {
            let entry = start + index * form.entryByteCount
            guard let tag = number(at: entry, byteCount: 2, of: bytes), seen.insert(tag).inserted
            else { continue }
            if let part = kind.parts[tag] {
                let valueOffset = entry + 4 + form.offsetByteCount
                guard
                    let place = number(at: valueOffset, byteCount: form.offsetByteCount, of: bytes)
                else { continue }
                let content = self.directory(at: place, kind: part, of: bytes)
                if !content.isEmpty { directory.parts[tag] = content }
            } else if kind.tags?.contains(tag) ?? true,
                let entry = self.entry(tag, at: entry, of: bytes)
            {
                directory.entries.append(entry)
            }
        }
        directory.entries.sort { $0.tag < $1.tag }
        return directory
    }

    private mutating func entry(
        _ tag: Int, at offset: Int, of bytes: Span<UInt8>
    ) -> TagDirectory.Entry? {
        guard let typeNumber = number(at: offset + 2, byteCount: 2, of: bytes),
            let type = TagType(rawValue: typeNumber),
            let count = number(at: offset + 4, byteCount: form.offsetByteCount, of: bytes),
            count <= byteLimit / type.byteCount
        else { return nil }
        let byteCount = count * type.byteCount
        let inside = offset + 4 + form.offsetByteCount
        let outside =
            byteCount <= form.offsetByteCount
            ? inside : number(at: inside, byteCount: form.offsetByteCount, of: bytes)
        guard let outside, outside <= bytes.count - byteCount else { return nil }
        byteLimit -= byteCount
        var value = Array(copying: bytes.extracting(outside..<outside + byteCount))
        if !isLittleEndian {
            for start in stride(from: 0, to: byteCount, by: type.numberByteCount) {
                value[start..<start + type.numberByteCount].reverse()
            }
        }
        return TagDirectory.Entry(tag: tag, type: type, value: value)
    }

    /// A number of up to 8 bytes, or nil if it is not in the file or over 63 bits.
    private func number(at offset: Int, byteCount: Int, of bytes: Span<UInt8>) -> Int? {
        guard offset <= bytes.count - byteCount else { return nil }
        var number: UInt64 = 0
        for index in 0..<byteCount {
            let place = isLittleEndian ? byteCount - 1 - index : index
            number = number << 8 | UInt64(bytes[offset + place])
        }
        return Int(exactly: number)
    }
}
