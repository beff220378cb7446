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
    /// - Parameter message: 1 to ``largestMessage`` bytes.
    /// - Throws: ``SystemCallError`` with `EPIPE` if the other end is closed; the caller ignores
    ///   SIGPIPE for the whole process.
    public func send(_ message: [UInt8]) throws(SystemCallError) {
        precondition((1...Self.largestMessage).contains(message.count), "the size of a message")
        let count = retryingInterrupted {
            unsafe message.withUnsafeBytes { bytes in
                unsafe write(descriptor.rawValue, bytes.baseAddress, bytes.count)
            }
        }
        guard count != -1 else { throw .last("write") }
    }

    /// Waits for one message.
    ///
    /// - Returns: Its bytes; what is beyond ``largestMessage`` is cut off; nil at the end of the
    ///   connection.
    /// - Throws: ``SystemCallError`` if the connection broke in another way.
    public func receive() throws(SystemCallError) -> [UInt8]? {
        var message = [UInt8](repeating: 0, count: 4096)
        let count = retryingInterrupted {
            unsafe message.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor.rawValue, bytes.baseAddress, bytes.count)
            }
        }
        guard count != -1 else { throw .last("read") }
        guard count > 0 else { return nil }
        message.removeSubrange(count...)
        return message
    }

    /// Waits until a message or the end of the connection can be received.
    ///
    /// - Parameter milliseconds: How long to wait at most.
    /// - Returns: Whether ``receive()`` would return at once.
    public func isReadable(withinMilliseconds milliseconds: CInt) -> Bool {
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        // An interruption counts as "not yet": the caller asks again until its deadline.
        return unsafe poll(&request, 1, milliseconds) > 0
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
