internal import Glibc
internal import SystemCalls

/// The names in one folder, sorted by their bytes, and what they name.
///
/// A folder may hold a million names, so they lie one after the other in one array, at 8 bytes a
/// name beside the name itself.
struct FolderNames {
    /// Which names are left out, and what a symbolic link stands for.
    struct Options {
        var includesHidden: Bool
        var followsLinks: Bool
    }

    private struct Entry {
        let start: UInt32
        let byteCount: UInt8
        let kind: FileKind
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// Which folder this is, whatever its path.
    let folder: FileIdentity

    /// Reads the names in a folder, and closes it again.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - followingLink: Whether `path` itself may be a symbolic link.
    ///   - options: Which names are left out.
    /// - Throws: ``TransferError/notAFolder(_:)`` and what the system reports.
    init(of path: BytePath, followingLink: Bool, options: Options) throws(TransferError) {
        let descriptor = try OwnedDescriptor(
            openingFolder: path, flags: followingLink ? 0 : O_NOFOLLOW)
        var stream = try FolderStream(adopting: descriptor)
        folder = try stream.status().identity
        while let (name, kind) = try stream.next() {
            if !options.includesHidden, name.isHidden { continue }
            if TemporaryName(name) != nil { continue }
            let isUnclear = kind == nil || kind == .symbolicLink && options.followsLinks
            try append(
                name, isUnclear ? stream.kind(of: name, followingLink: options.followsLinks) : kind)
        }
        sort()
    }

    /// The number of names.
    var count: Int { entries.count }

    /// The name at this place of the order, and what it names.
    subscript(index: Int) -> (name: ArraySlice<UInt8>, kind: FileKind) {
        let entry = entries[index]
        let start = Int(entry.start)
        return (bytes[start..<(start + Int(entry.byteCount))], entry.kind)
    }

    private mutating func append(_ name: BytePath, _ kind: FileKind?) throws(TransferError) {
        guard let start = UInt32(exactly: bytes.count),
            let byteCount = UInt8(exactly: name.bytes.count)
        else { throw .tooLarge(limit: Int(UInt32.max), actual: nil) }
        bytes += name.bytes
        // What can't be looked at counts as a file, and reading it will tell why it can't be read.
        entries.append(Entry(start: start, byteCount: byteCount, kind: kind ?? .file))
    }

    private mutating func sort() {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let bytes = bytes.baseAddress else { return }
            entries.sort { left, right in
                let order = unsafe memcmp(
                    bytes + Int(left.start), bytes + Int(right.start),
                    Int(min(left.byteCount, right.byteCount)))
                return order == 0 ? left.byteCount < right.byteCount : order < 0
            }
        }
    }
}

extension FolderStream {
    /// What the file of this name is; nil if that can't be found out.
    fileprivate func kind(of name: BytePath, followingLink: Bool) -> FileKind? {
        try? status(of: name, followingLink: followingLink)?.kind
    }
}

extension BytePath {
    fileprivate var isHidden: Bool { bytes.first == UInt8(ascii: ".") }
}
