internal import SystemCalls

/// The place of an output below the output folder, checked so that it can't be anywhere else.
struct OutputPath {
    /// The longest name that Linux's file systems hold, in bytes.
    static let longestComponent = 255

    /// The folder that the file is in, relative to the output folder; empty for that one itself.
    let folder: BytePath

    /// The name of the file in that folder.
    let name: BytePath

    /// Checks a path that came from outside: from a list, a URL or a file tree.
    init(_ path: BytePath) throws(TransferError) {
        guard !path.isEmpty else { throw .badName(.empty) }
        try Self.check(path)
        folder = path.parent
        name = path.lastComponent
    }

    /// Checks each component of a relative path, which may be empty.
    static func check(_ path: BytePath) throws(TransferError) {
        guard !path.isAbsolute else { throw .badName(.absolute) }
        if path.isEmpty { return }
        let components = path.bytes.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for component in components {
            if component.isEmpty || component == [UInt8(ascii: ".")]
                || component == [UInt8(ascii: "."), UInt8(ascii: ".")]
            {
                throw .badName(.component(BytePath(component) ?? BytePath()))
            }
            guard component.count <= longestComponent else {
                throw .badName(
                    .componentTooLong(byteCount: component.count, limit: longestComponent))
            }
        }
    }
}
