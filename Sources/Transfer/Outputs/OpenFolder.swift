internal import CLinuxShims
internal import Glibc
internal import SystemCalls

/// A folder that is open, and the calls that work on the names in it.
///
/// A name is one component of a path. None of the calls follows a symbolic link of that name. The
/// folder stays open for as long as anyone refers to it, on any thread.
final class OpenFolder: Sendable {
    private let descriptor: OwnedDescriptor

    /// Opens the folder of this path, through symbolic links if there are any.
    init(path: BytePath) throws(TransferError) {
        descriptor = try OwnedDescriptor(openingFolder: path, flags: 0)
    }

    /// Opens the folder of this name in another one; no symbolic link is followed.
    init(_ name: BytePath, in folder: OpenFolder) throws(TransferError) {
        do throws(TransferError) {
            descriptor = try folder.open(name, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            throw error.orNotAFolder(name)
        }
    }

    /// Makes a file that is open for writing; ``TransferError/exists`` if there is one.
    func makeFile(_ name: BytePath) throws(TransferError) -> OwnedDescriptor {
        try open(name, flags: O_WRONLY | O_CREAT | O_EXCL)
    }

    /// Makes a file and gives it up again: mode bits, mount options and quotas together are best
    /// asked by trying.
    ///
    /// The file has no name, so that a kill leaves nothing behind. Where that is refused, for
    /// example since the file system has no such files, one with a name decides.
    func tryOut() throws(TransferError) {
        let unnamed = pixloom_open_unnamed_file(descriptor.rawValue)
        if unnamed >= 0 {
            close(unnamed)
            return
        }
        let name = TemporaryName().path
        _ = try makeFile(name)
        try remove(name)
    }

    /// Opens a file for reading, without waiting for the other end of a fifo.
    func openForReading(_ name: BytePath) throws(TransferError) -> OwnedDescriptor {
        try open(name, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }

    /// Opens a file for reading and appending, and makes it if there is none.
    func openForAppending(_ name: BytePath) throws(TransferError) -> OwnedDescriptor {
        try open(name, flags: O_RDWR | O_APPEND | O_CREAT)
    }

    /// Makes a folder; one that is there already, also one just made by another thread, is fine.
    func makeFolder(_ name: BytePath) throws(TransferError) {
        let result = unsafe name.withCString { unsafe mkdirat(descriptor.rawValue, $0, 0o777) }
        guard result == 0 || errno == EEXIST else { throw .last("mkdirat") }
    }

    /// Looks at the file of this name; nil if there is none.
    func status(of name: BytePath) throws(TransferError) -> FileStatus? {
        try FileStatus(of: name, inFolder: descriptor.rawValue, followingLink: false)
    }

    /// Gives the file `from` the name `to`, in place of the file that has it, if any.
    func rename(_ from: BytePath, replacing to: BytePath) throws(TransferError) {
        let folder = descriptor.rawValue
        let result = unsafe from.withCString { from in
            unsafe to.withCString { to in unsafe renameat(folder, from, folder, to) }
        }
        guard result == 0 else { throw .last("renameat") }
    }

    /// Gives the file `from` the name `to`, unless there is one: ``TransferError/exists``.
    func rename(_ from: BytePath, to: BytePath) throws(TransferError) {
        let folder = descriptor.rawValue
        let result = unsafe from.withCString { from in
            unsafe to.withCString { to in
                unsafe pixloom_rename_without_replacing(folder, from, to)
            }
        }
        if result == 0 { return }
        guard errno == EINVAL || errno == ENOSYS else { throw .last("renameat2") }
        // The file system, for example NFS, can't; a second name for the file is as safe.
        try link(from, to: to)
        try remove(from)
    }

    /// Takes the name of a file away.
    func remove(_ name: BytePath) throws(TransferError) {
        let result = unsafe name.withCString { unsafe unlinkat(descriptor.rawValue, $0, 0) }
        guard result == 0 else { throw .last("unlinkat") }
    }

    /// Waits until everything on the file system of this folder is on disk.
    func syncFileSystem() throws(TransferError) {
        guard pixloom_sync_file_system(descriptor.rawValue) == 0 else { throw .last("syncfs") }
    }

    /// Waits until the names in this folder are on disk.
    func sync() throws(TransferError) {
        guard fsync(descriptor.rawValue) == 0 else { throw .last("fsync") }
    }

    /// The names in this folder for which `isIncluded` holds.
    func names(where isIncluded: (BytePath) -> Bool) throws(TransferError) -> [BytePath] {
        // A descriptor of its own: reading names moves its offset, which threads would share.
        var stream = try FolderStream(adopting: open(".", flags: O_RDONLY | O_DIRECTORY))
        var names: [BytePath] = []
        while let (name, _) = try stream.next() {
            if isIncluded(name) { names.append(name) }
        }
        return names
    }

    private func link(_ from: BytePath, to: BytePath) throws(TransferError) {
        let folder = descriptor.rawValue
        let result = unsafe from.withCString { from in
            unsafe to.withCString { to in unsafe linkat(folder, from, folder, to, 0) }
        }
        guard result == 0 else { throw .last("linkat") }
    }

    private func open(_ name: BytePath, flags: CInt) throws(TransferError) -> OwnedDescriptor {
        let folder = descriptor.rawValue
        let rawValue = unsafe name.withCString { start in
            retryingInterrupted {
                unsafe openat(folder, start, flags | O_NOFOLLOW | O_CLOEXEC, 0o666)
            }
        }
        guard rawValue >= 0 else { throw .last("openat") }
        return OwnedDescriptor(adopting: rawValue)
    }
}
