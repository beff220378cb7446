public import SystemCalls

/// Something that a walk through a folder came across.
public struct FolderEntry: Hashable, Sendable {
    /// Its path relative to the folder where the walk began; empty for that folder itself.
    public let path: BytePath

    /// What it is.
    public let kind: Kind

    /// What a walk comes across; folders that can be read are not reported.
    public enum Kind: Hashable, Sendable {
        /// A regular file, or something that could not be looked at: reading it tells.
        case file

        /// Something that is never read: a fifo, a socket, a device, or a symbolic link that is
        /// not followed.
        case other(FileKind)

        /// A folder that can't be read; the walk goes on behind it.
        case unreadableFolder(TransferError)
    }
}
