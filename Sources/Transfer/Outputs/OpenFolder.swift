internal import CLinuxShims
internal import Glibc
internal import Synchronization
internal import SystemCalls

/// A folder that is open, and the calls that work on the names in it.
///
/// A name is one component of a path. None of the calls follows a symbolic link of that name. The
/// folder stays open for as long as anyone refers to it, on any thread.
final class OpenFolder: Sendable {
    private let descriptor: OwnedDescriptor
    private let naming = Atomic(NamingCall.untried)

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

    /// Makes a file that is open for writing and has no name yet, for ``name(_:_:)``.
    ///
    /// - Returns: nil where there are no such files, or none that could get a name.
    /// - Throws: ``TransferError/notFound`` if the folder has been removed since it was opened.
    func makeUnnamedFile() throws(TransferError) -> OwnedDescriptor? {
        if naming.load(ordering: .relaxed) == .none { return nil }
        let rawValue = retryingInterrupted { pixloom_open_unnamed_file(descriptor.rawValue) }
        guard rawValue >= 0 else {
            // Whatever the reason is, one with a name meets it too or does not mind.
            naming.store(.none, ordering: .relaxed)
            return nil
        }
        let file = OwnedDescriptor(adopting: rawValue)
        if naming.load(ordering: .relaxed) == .untried {
            naming.store(namingCall(for: file), ordering: .relaxed)
            if naming.load(ordering: .relaxed) == .none { return nil }
        }
        // Such a file can be made in a removed folder, and could get no name there.
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else { throw .last("fstat") }
        guard status.st_nlink > 0 else { throw .notFound }
        return file
    }

    /// Gives an open file a name, unless there is one: ``TransferError/exists``.
    func name(
        _ file: borrowing OwnedDescriptor, _ name: BytePath
    ) throws(TransferError) {
        let result =
            switch naming.load(ordering: .relaxed) {
            case .byDescriptor: link(file, to: name)
            case .byProcess, .untried, .none: linkThroughProcess(file, to: name)
            }
        guard result == 0 else { throw .last("linkat") }
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
        let name = TemporaryName.makePath()
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

    /// Finds a call by giving a file a name that there is, so that no name is made.
    private func namingCall(for file: borrowing OwnedDescriptor) -> NamingCall {
        _ = link(file, to: ".")
        if errno == EEXIST { return .byDescriptor }
        _ = linkThroughProcess(file, to: ".")
        return errno == EEXIST ? .byProcess : .none
    }

    private func link(_ file: borrowing OwnedDescriptor, to name: BytePath) -> CInt {
        unsafe name.withCString {
            unsafe pixloom_name_open_file(file.rawValue, descriptor.rawValue, $0)
        }
    }

    private func linkThroughProcess(
        _ file: borrowing OwnedDescriptor, to name: BytePath
    ) -> CInt {
        unsafe name.withCString { name in
            unsafe linkat(
                AT_FDCWD, "/proc/self/fd/\(file.rawValue)", descriptor.rawValue, name,
                AT_SYMLINK_FOLLOW)
        }
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

/// How a file without a name gets one.
private enum NamingCall: UInt8, AtomicRepresentable {
    case untried

    /// By its descriptor, which Linux lets every process do since 6.10.
    case byDescriptor

    /// By the name that proc(5) gives its descriptor.
    case byProcess

    /// Not at all.
    case none
}
