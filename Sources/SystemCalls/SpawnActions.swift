internal import CLinuxShims
internal import Glibc

/// What a child does with descriptors between its making and its executable: the file actions of
/// posix_spawn(3).
@safe
struct SpawnActions: ~Copyable {
    let pointer: UnsafeMutablePointer<posix_spawn_file_actions_t>

    init() {
        unsafe pointer = .allocate(capacity: 1)
        unsafe posix_spawn_file_actions_init(pointer)
    }

    deinit {
        unsafe posix_spawn_file_actions_destroy(pointer)
        unsafe pointer.deallocate()
    }

    /// Opens a file under the number `descriptor`.
    func open(_ path: String, as descriptor: CInt, flags: CInt) throws(SystemCallError) {
        let code = unsafe posix_spawn_file_actions_addopen(pointer, descriptor, path, flags, 0)
        guard code == 0 else { throw .failed("posix_spawn_file_actions_addopen", errno: code) }
    }

    /// Hands `descriptor` over under the number `number`, without close-on-exec.
    func duplicate(_ descriptor: CInt, as number: CInt) throws(SystemCallError) {
        let code = unsafe posix_spawn_file_actions_adddup2(pointer, descriptor, number)
        guard code == 0 else { throw .failed("posix_spawn_file_actions_adddup2", errno: code) }
    }

    /// Closes every descriptor from `first` on.
    func close(from first: CInt) throws(SystemCallError) {
        let code = unsafe pixloom_add_close_from(UnsafeMutableRawPointer(pointer), first)
        guard code == 0 else {
            throw .failed("posix_spawn_file_actions_addclosefrom_np", errno: code)
        }
    }
}

/// How a child starts: with default signals, none blocked, in the process group of its parent's
/// terminal no longer, so that Ctrl-C reaches the parent alone.
@safe
struct SpawnAttributes: ~Copyable {
    let pointer: UnsafeMutablePointer<posix_spawnattr_t>

    init() {
        unsafe pointer = .allocate(capacity: 1)
        unsafe posix_spawnattr_init(pointer)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(pointer, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(pointer, &signals)
        unsafe posix_spawnattr_setpgroup(pointer, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(pointer, Int16(flags))
    }

    deinit {
        unsafe posix_spawnattr_destroy(pointer)
        unsafe pointer.deallocate()
    }
}

/// A null-terminated array of C strings, as exec(3) takes them.
@safe
struct CStrings: ~Copyable {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        unsafe pointer = .allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() {
            unsafe (pointer + index).initialize(to: strdup(string))
        }
        unsafe (pointer + strings.count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { unsafe free(pointer[index]) }
        unsafe pointer.deallocate()
    }
}
