internal import SystemCalls

/// The folders below the output folder that were used last, kept open so that thousands of files
/// do not each walk the path to the same folder.
struct RecentFolders {
    /// The I/O threads work on neighbouring inputs, hence in one or two folders.
    private static let capacity = 8

    /// The one that was used last is first.
    private var folders: [(path: BytePath, folder: OpenFolder)] = []

    /// The open folder of this path, if it is among them.
    mutating func folder(at path: BytePath) -> OpenFolder? {
        guard let index = folders.firstIndex(where: { $0.path == path }) else { return nil }
        if index > 0 { folders.insert(folders.remove(at: index), at: 0) }
        return folders[0].folder
    }

    /// Keeps an open folder, in place of the one that was not used for longest.
    mutating func insert(_ folder: OpenFolder, at path: BytePath) {
        folders.removeAll { $0.path == path }
        folders.insert((path, folder), at: 0)
        if folders.count > Self.capacity { folders.removeLast() }
    }

    /// Drops a folder that is no longer where it was.
    mutating func remove(at path: BytePath) {
        folders.removeAll { $0.path == path }
    }
}
