internal import Glibc

/// One end of a socket pair between a parent and its child: small messages, each whole or not at
/// all.
///
/// It is a `SOCK_SEQPACKET` of unix(7): the kernel keeps messages apart, so there is no framing to
/// get wrong, and read(2) and write(2) are all that it takes.
public struct MessageSocket: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// The most bytes that a message may have.
    public static let largestMessage = 1 << 16

    /// Takes ownership of a connected descriptor.
    public init(adopting descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Connects a parent's end to one for a child.
    ///
    /// - Returns: Both ends.
    /// - Throws: ``SystemCallError`` if no descriptors are left.
    public static func makePair() throws(SystemCallError) -> MessageSocketPair {
        let pair = try DescriptorPair.messageSockets()
        return MessageSocketPair(parent: MessageSocket(adopting: pair.first), child: pair.second)
    }

    /// Sends one message.
    ///
    /// Waits while the other end has too many unread messages.
    ///
    /// - Parameter message: At least one byte.
    /// - Throws: ``SystemCallError`` with `EMSGSIZE` beyond ``largestMessage``, with `EPIPE` if the
    ///   other end is closed; the caller ignores SIGPIPE for the whole process.
    public func send(_ message: [UInt8]) throws(SystemCallError) {
        try unsafe send(message, "write") { [number = descriptor.rawValue] bytes in
            unsafe write(number, bytes.baseAddress, bytes.count)
        }
    }

    /// Sends one message, and waits for nobody.
    ///
    /// - Parameter message: At least one byte.
    /// - Throws: ``SystemCallError`` as ``send(_:)`` does, and with `EAGAIN` if the other end has
    ///   too many unread messages.
    public func sendAtOnce(_ message: [UInt8]) throws(SystemCallError) {
        try unsafe send(message, "send") { [number = descriptor.rawValue] bytes in
            unsafe Glibc.send(
                number, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT))
        }
    }

    private func send(
        _ message: [UInt8], _ name: String, _ call: (UnsafeRawBufferPointer) -> Int
    ) throws(SystemCallError) {
        precondition(!message.isEmpty, "an empty message would read as the end")
        guard message.count <= Self.largestMessage else { throw .failed(name, errno: EMSGSIZE) }
        let count = retryingInterrupted { unsafe message.withUnsafeBytes(call) }
        guard count != -1 else { throw .last(name) }
    }

    /// Waits for one message.
    ///
    /// - Parameter byteCount: The most bytes that are expected, up to ``largestMessage``.
    /// - Returns: Its bytes; nil at the end of the connection.
    /// - Throws: ``SystemCallError`` with `EMSGSIZE` if the message is longer, of which nothing is
    ///   kept; with `EAGAIN` if nothing came in the time of ``limitWaiting(toMilliseconds:)``; any
    ///   other if the connection broke.
    public func receive(atMost byteCount: Int) throws(SystemCallError) -> [UInt8]? {
        // The kernel cuts off what does not fit, and one byte more tells that it did.
        var message = [UInt8](repeating: 0, count: byteCount + 1)
        let count = retryingInterrupted {
            unsafe message.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor.rawValue, bytes.baseAddress, bytes.count)
            }
        }
        guard count != -1 else { throw .last("read") }
        guard count > 0 else { return nil }
        guard count <= byteCount else { throw .failed("read", errno: EMSGSIZE) }
        message.removeSubrange(count...)
        return message
    }

    /// Whether ``receive(atMost:)`` would return at once: with a message, or at the end.
    public var isReadable: Bool {
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, 0) > 0
    }

    /// Lets ``receive(atMost:)`` wait for so long only, and fail with `EAGAIN` then: whoever waits
    /// looks around now and then, and still makes one system call for a message that comes in time.
    ///
    /// - Parameter milliseconds: How long, at least 1.
    /// - Throws: What setsockopt(2) reports.
    public func limitWaiting(toMilliseconds milliseconds: Int) throws(SystemCallError) {
        var limit = timeval(
            tv_sec: milliseconds / 1000, tv_usec: suseconds_t(milliseconds % 1000 * 1000))
        let result = unsafe setsockopt(
            descriptor.rawValue, SOL_SOCKET, SO_RCVTIMEO, &limit,
            socklen_t(MemoryLayout<timeval>.size))
        guard result == 0 else { throw .last("setsockopt") }
    }
}

/// The two ends of a new connection.
@frozen
public struct MessageSocketPair: ~Copyable {
    /// The end that stays.
    public let parent: MessageSocket

    /// The end that a child inherits.
    public let child: OwnedDescriptor
}
