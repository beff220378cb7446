internal import Glibc

/// A file descriptor that is closed exactly once, when its owner goes.
public struct OwnedDescriptor: ~Copyable, Sendable {
    /// The number of the descriptor, which stays owned here: do not close it.
    public let rawValue: CInt

    /// Takes ownership of an open descriptor.
    public init(adopting rawValue: CInt) {
        self.rawValue = rawValue
    }

    deinit {
        // Linux releases the descriptor even when close(2) reports EINTR, so there is no retry.
        _ = close(rawValue)
    }

    /// Gives the descriptor up without closing it.
    public consuming func release() -> CInt {
        let rawValue = self.rawValue
        discard self
        return rawValue
    }

    /// The size of the file or memory object behind the descriptor, in bytes.
    func byteCount() throws(SystemCallError) -> Int {
        var status = stat()
        guard unsafe fstat(rawValue, &status) == 0 else { throw .last("fstat") }
        return Int(status.st_size)
    }
}

/// Calls `body` again for as long as a signal interrupts it.
///
/// - Parameter body: A system call that returns -1 and sets `errno` where it fails.
/// - Returns: What the last call returned.
func retryingInterrupted(_ body: () -> Int) -> Int {
    while true {
        let result = body()
        if result != -1 || errno != EINTR { return result }
    }
}
