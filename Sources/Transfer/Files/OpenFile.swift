internal import Glibc
internal import SystemCalls

/// Calls `body` again for as long as a signal interrupts it.
///
/// - Parameter body: A system call that returns -1 and sets `errno` where it fails.
/// - Returns: What the last call returned.
@inline(__always)
func retryingInterrupted<Result: BinaryInteger>(_ body: () -> Result) -> Result {
    while true {
        let result = body()
        if result != -1 || errno != EINTR { return result }
    }
}

extension OwnedDescriptor {
    /// open(2) with close-on-exec.
    init(opening path: BytePath, flags: CInt) throws(TransferError) {
        let rawValue = unsafe path.withCString { start in
            retryingInterrupted { unsafe open(start, flags | O_CLOEXEC) }
        }
        guard rawValue >= 0 else { throw .last("open") }
        self.init(adopting: rawValue)
    }

    /// Opens a folder for reading its names and for reaching them; its own name is followed if it
    /// is a symbolic link, unless `flags` has `O_NOFOLLOW`.
    init(openingFolder path: BytePath, flags: CInt) throws(TransferError) {
        do throws(TransferError) {
            let path = path.isEmpty ? "." : path
            try self.init(opening: path, flags: O_RDONLY | O_DIRECTORY | flags)
        } catch {
            throw error.orNotAFolder(path)
        }
    }

    /// Reads at most `buffer.count` bytes from the current offset on; 0 is the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransferError) -> Int {
        let count = retryingInterrupted {
            unsafe Glibc.read(rawValue, buffer.baseAddress, buffer.count)
        }
        guard count >= 0 else { throw .last("read") }
        return count
    }

    /// Reads from the current offset to the end of the file, but at most so many bytes.
    func readToEnd(maximumByteCount: Int) throws(TransferError) -> [UInt8] {
        var failure: TransferError?
        // The memory is not zeroed first: it is written once, by the kernel.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: maximumByteCount) { buffer, count in
            do throws(TransferError) {
                while count < maximumByteCount {
                    let free = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let readCount = try unsafe read(into: free)
                    if readCount == 0 { return }
                    count += readCount
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes` at the current offset.
    func writeAll(_ bytes: Span<UInt8>) throws(TransferError) {
        try Transfer.writeAll(bytes, to: rawValue)
    }

    /// Closes the descriptor and reports what close(2) says: a file system may find only here that
    /// it has no space.
    consuming func closeChecked() throws(TransferError) {
        // Linux releases the descriptor even when close(2) reports EINTR, so there is no retry.
        guard close(release()) == 0 || errno == EINTR else { throw .last("close") }
    }
}

/// Writes all of `bytes` at the current offset of a descriptor.
func writeAll(_ bytes: Span<UInt8>, to descriptor: CInt) throws(TransferError) {
    try unsafe bytes.withUnsafeBytes { buffer throws(TransferError) in
        var offset = 0
        while offset < buffer.count {
            let count = unsafe write(
                descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            if count >= 0 {
                offset += count
            } else if errno == EAGAIN {
                // Somebody made the pipe or terminal that is our standard output nonblocking.
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&request, 1, -1)
            } else if errno != EINTR {
                throw .last("write")
            }
        }
    }
}
