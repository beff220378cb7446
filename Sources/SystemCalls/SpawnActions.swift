internal import CLinuxShims
internal import Glibc

/// What a child does with descriptors between its making and its executable: the file actions of
/// posix_spawn(3).
@safe
struct SpawnActions: ~Copyable {
    let pointer: UnsafeMutablePointer<posix_spawn_file_actions_t>

    /// Copies of descriptors, which live until the child has been made.
    private var copies: [CInt] = []

    init() {
        unsafe pointer = .allocate(capacity: 1)
        unsafe posix_spawn_file_actions_init(pointer)
    }

    deinit {
        for copy in copies { Glibc.close(copy) }
        unsafe posix_spawn_file_actions_destroy(pointer)
        unsafe pointer.deallocate()
    }

    /// Opens a file under the number `descriptor`.
    func open(_ path: String, as descriptor: CInt, flags: CInt) throws(SystemCallError) {
        let code = unsafe posix_spawn_file_actions_addopen(pointer, descriptor, path, flags, 0)
        guard code == 0 else { throw .failed("posix_spawn_file_actions_addopen", errno: code) }
    }

    /// Hands descriptors over under the numbers `first`, `first + 1`, …, without close-on-exec, and
    /// closes all beyond.
    mutating func handOver(_ descriptors: [CInt], from first: CInt) throws(SystemCallError) {
        let end = first + CInt(descriptors.count)
        for (number, descriptor) in zip(first..., descriptors) {
            // One whose number is itself among the child's could be replaced before its turn.
            let source = descriptor < end ? try copy(descriptor, from: end) : descriptor
            let code = unsafe posix_spawn_file_actions_adddup2(pointer, source, number)
            guard code == 0 else { throw .failed("posix_spawn_file_actions_adddup2", errno: code) }
        }
        try close(from: end)
    }

    /// Copies a descriptor to a number of at least `first`.
    private mutating func copy(
        _ descriptor: CInt, from first: CInt
    ) throws(SystemCallError) -> CInt {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, first)
        guard copy != -1 else { throw .last("fcntl") }
        copies.append(copy)
        return copy
    }

    private func close(from first: CInt) throws(SystemCallError) {
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
