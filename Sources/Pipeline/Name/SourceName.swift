internal import Images
internal import SystemCalls

/// The parts of a source's name that templates use, in bytes.
struct SourceName {
    /// The folder below the folder that was given; empty for anything else.
    let folder: [UInt8]

    /// The name without its extension.
    let stem: [UInt8]

    /// The extension without the dot, or nothing.
    let fileExtension: [UInt8]

    /// Depends on the source's whole name alone.
    let hash: StableHash

    init(_ source: Source) {
        let file: BytePath
        switch source.place {
        case .file(let path): file = path.lastComponent
        case .url(let url): file = Self.lastComponent(ofURL: url)
        case .standardInput: file = source.name
        }
        folder = source.folder.bytes
        stem = file.stem.bytes
        fileExtension = file.fileExtension?.bytes ?? []
        hash = StableHash(source.name.bytes)
    }

    /// What `{ext}` stands for: the source's own spelling where it stands for `format`.
    func fileExtension(for format: ImageFormat) -> [UInt8] {
        let own = String(decoding: fileExtension, as: UTF8.self)
        return ImageFormat(fileExtension: own) == format
            ? fileExtension : Array(format.fileExtension.utf8)
    }

    /// The last component of a URL's path, with percent-encoding undone (RFC 3986, clause 2.1).
    ///
    /// What it holds then, such as a slash, is judged like any other name.
    private static func lastComponent(ofURL url: String) -> BytePath {
        var path = url.utf8[...]
        if let end = path.firstIndex(where: { "?#".utf8.contains($0) }) { path = path[..<end] }
        let afterScheme = path.split(separator: UInt8(ascii: "/"), maxSplits: 3)
        guard afterScheme.count > 2, path.last != UInt8(ascii: "/"),
            let slash = path.lastIndex(of: UInt8(ascii: "/"))
        else { return "index" }
        return BytePath(percentDecoded(path[path.index(after: slash)...])) ?? BytePath()
    }

    private static func percentDecoded(_ text: Substring.UTF8View) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
