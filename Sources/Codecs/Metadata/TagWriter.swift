/// Appends directories of tags to a file that has the low bytes of numbers first.
struct TagWriter {
    private let form: TagForm
    private var file: [UInt8]

    /// An EXIF block with these tags.
    static func block(of directory: TagDirectory) -> [UInt8] {
        var writer = TagWriter(form: TagForm(isBig: false), file: Array("II*\0\0\0\0\0".utf8))
        writer.replaceFirstDirectory(by: writer.append(directory))
        return writer.file
    }

    /// A TIFF file of one page with these tags besides its own, of which none is replaced.
    ///
    /// A new directory comes after everything; where the old one was nobody looks any more.
    static func added(_ directory: TagDirectory, toTIFF file: [UInt8]) -> [UInt8] {
        var writer = TagWriter(form: TagForm(isBig: file.span.has("II+\0", at: 0)), file: file)
        let old = writer.firstDirectory
        let added = writer.append(directory)
        writer.replaceFirstDirectory(by: old.merging(added) { old, _ in old })
        return writer.file
    }

    /// The entries of a directory by their tags, as they are in the file behind the tag.
    private typealias Entries = [Int: [UInt8]]

    private var firstDirectory: Entries {
        let start = number(at: form.firstOffset, byteCount: form.offsetByteCount)
        let first = start + form.entryCountByteCount
        let entryCount = number(at: start, byteCount: form.entryCountByteCount)
        var entries: Entries = [:]
        for index in 0..<entryCount {
            let entry = first + index * form.entryByteCount
            entries[number(at: entry, byteCount: 2)] = Array(
                file[entry + 2..<entry + form.entryByteCount])
        }
        return entries
    }

    /// Appends what a directory's entries point to, and returns these.
    private mutating func append(_ directory: TagDirectory) -> Entries {
        var entries: Entries = [:]
        for (tag, part) in directory.parts.sorted(by: { $0.key < $1.key }) {
            let offset = append(append(part))
            entries[tag] =
                bytes(of: (form.isBig ? TagType.long8 : .long).rawValue, byteCount: 2)
                + bytes(of: 1, byteCount: form.offsetByteCount)
                + bytes(of: offset, byteCount: form.offsetByteCount)
        }
        for entry in directory.entries {
            var value = entry.value
            if value.count > form.offsetByteCount {
                let offset = appendAligned(value)
                value = bytes(of: offset, byteCount: form.offsetByteCount)
            }
            value += [UInt8](repeating: 0, count: form.offsetByteCount - value.count)
            let count = entry.value.count / entry.type.byteCount
            entries[entry.tag] =
                bytes(of: entry.type.rawValue, byteCount: 2)
                + bytes(of: count, byteCount: form.offsetByteCount) + value
        }
        return entries
    }

    /// Appends a directory in the order of its tags, with none after it; returns its offset.
    private mutating func append(_ entries: Entries) -> Int {
        var directory = bytes(of: entries.count, byteCount: form.entryCountByteCount)
        for (tag, entry) in entries.sorted(by: { $0.key < $1.key }) {
            directory += bytes(of: tag, byteCount: 2) + entry
        }
        return appendAligned(directory + [UInt8](repeating: 0, count: form.offsetByteCount))
    }

    private mutating func replaceFirstDirectory(by entries: Entries) {
        let offset = bytes(of: append(entries), byteCount: form.offsetByteCount)
        file.replaceSubrange(form.firstOffset..<form.firstOffset + offset.count, with: offset)
    }

    /// Appends bytes at an even offset, as all values and directories have it, and returns that.
    private mutating func appendAligned(_ bytes: [UInt8]) -> Int {
        if !file.count.isMultiple(of: 2) { file.append(0) }
        defer { file += bytes }
        return file.count
    }

    private func bytes(of number: Int, byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private func number(at offset: Int, byteCount: Int) -> Int {
        (0..<byteCount).reversed().reduce(0) { $0 << 8 | Int(file[offset + $1]) }
    }
}
