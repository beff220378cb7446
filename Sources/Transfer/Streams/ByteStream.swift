internal import Glibc
internal import Profiling
internal import SystemCalls

/// A source whose bytes may have to be waited for, such as a pipe or a terminal.
///
/// The wait ends once the run is cancelled. read(2) alone would not: signals are taken by a thread
/// of their own and interrupt no call.
struct ByteStream: ~Copyable {
    private let descriptor: OwnedDescriptor
    private let cancellation: Cancellation?

    /// How long it may take until a cancellation is noticed.
    private static let pollMilliseconds: CInt = 100

    /// Opens a file of any kind but a folder, without waiting: for the writer of a fifo, too, it is
    /// the first read that waits.
    init(_ path: BytePath, cancellation: Cancellation?) throws(TransferError) {
        descriptor = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        self.cancellation = cancellation
    }

    /// Reads standard input, which stays open.
    init(standardInputUntil cancellation: Cancellation?) throws(TransferError) {
        let rawValue = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
        guard rawValue >= 0 else { throw .last("fcntl") }
        let descriptor = OwnedDescriptor(adopting: rawValue)
        // For bytes from where they can only go, poll(2) would wait for ever.
        guard fcntl(rawValue, F_GETFL) & O_ACCMODE != O_WRONLY else {
            throw .systemCallFailed(.failed("read", errno: EBADF))
        }
        self.descriptor = descriptor
        self.cancellation = cancellation
    }

    /// Reads into `buffer` from index `start` on as soon as there are bytes.
    ///
    /// - Returns: The number of bytes; 0 at the end.
    mutating func read(into buffer: inout [UInt8], from start: Int) throws(TransferError) -> Int {
        while true {
            try waitForBytes()
            let count = unsafe buffer.withUnsafeMutableBytes { buffer in
                let free = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
                return unsafe Glibc.read(descriptor.rawValue, free.baseAddress, free.count)
            }
            if count >= 0 { return count }
            // EAGAIN: another process took the bytes, or has opened a fifo and written none yet.
            guard errno == EINTR || errno == EAGAIN else { throw .last("read") }
        }
    }

    private func waitForBytes() throws(TransferError) {
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        repeat {
            if let cancellation, cancellation.isSet { throw .cancelled }
        } while unsafe poll(&request, 1, cancellation == nil ? -1 : Self.pollMilliseconds) == 0
    }
}
