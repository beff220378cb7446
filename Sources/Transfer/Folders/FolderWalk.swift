public import SystemCalls

/// The files below a folder, one by one: depth first, the names in each folder sorted by bytes.
///
/// Only the names in the folders from the first to the current one are in memory, and no folder
/// stays open between two calls, so neither the number of files nor the depth of the tree counts
/// against a limit. Folders are opened by their path: the process must not change its working
/// folder meanwhile.
///
/// Temporary files of this program are left out even where hidden files are wanted.
public struct FolderWalk: Sequence, IteratorProtocol {
    private struct Level {
        let names: FolderNames
        var next = 0
        /// The byte count of the folder's path in `path`.
        let pathByteCount: Int
    }

    private let root: BytePath
    private let options: FolderNames.Options
    private let excluded: Set<FileIdentity>
    private var levels: [Level]
    /// The path of the current folder, relative to the root.
    private var path: [UInt8] = []

    /// Opens the folder in which the walk begins; it may be a symbolic link.
    ///
    /// - Parameters:
    ///   - root: The folder; the empty path is the working folder.
    ///   - includesHidden: Whether names that begin with a dot are reported.
    ///   - followsLinks: Whether symbolic links count as what they lead to. A link to a folder
    ///     around it is reported as ``TransferError/linkLoop``.
    ///   - excluded: Folders below `root` that are passed over, such as that of the outputs.
    /// - Throws: ``TransferError/notFound``, ``TransferError/notAFolder(_:)`` and what the system
    ///   reports of `root`.
    public init(
        _ root: BytePath, includesHidden: Bool = false, followsLinks: Bool = false,
        excluding excluded: Set<FileIdentity> = []
    ) throws(TransferError) {
        self.root = root
        self.options = .init(includesHidden: includesHidden, followsLinks: followsLinks)
        self.excluded = excluded
        let names = try FolderNames(of: root, followingLink: true, options: options)
        levels = [Level(names: names, pathByteCount: 0)]
    }

    /// The next file, or nil at the end.
    public mutating func next() -> FolderEntry? {
        while let level = levels.last {
            guard level.next < level.names.count else {
                levels.removeLast()
                continue
            }
            levels[levels.count - 1].next += 1
            let (name, kind) = level.names[level.next]
            appendToPath(name, after: level.pathByteCount)
            switch kind {
            case .file: return FolderEntry(path: currentPath, kind: .file)
            case .folder:
                if let error = enterFolder() {
                    return FolderEntry(path: currentPath, kind: .unreadableFolder(error))
                }
            case .symbolicLink, .fifo, .socket, .device:
                return FolderEntry(path: currentPath, kind: .other(kind))
            }
        }
        return nil
    }
}

extension FolderWalk {
    /// A copy of its own size: shared with an entry that somebody keeps, the path would be copied
    /// with all its capacity at every name, and entries would hold kilobytes each.
    private var currentPath: BytePath { BytePath(path.lazy.map { $0 }) ?? BytePath() }

    private mutating func appendToPath(_ name: ArraySlice<UInt8>, after folderByteCount: Int) {
        path.removeSubrange(folderByteCount...)
        if folderByteCount > 0 { path.append(UInt8(ascii: "/")) }
        path += name
    }

    /// Reads the folder at the current path, to go on in it; the error if that can't be.
    private mutating func enterFolder() -> TransferError? {
        do throws(TransferError) {
            let names = try FolderNames(
                of: root.appending(currentPath), followingLink: options.followsLinks,
                options: options)
            if excluded.contains(names.folder) { return nil }
            if levels.contains(where: { $0.names.folder == names.folder }) { return .linkLoop }
            levels.append(Level(names: names, pathByteCount: path.count))
            return nil
        } catch {
            return error
        }
    }
}
