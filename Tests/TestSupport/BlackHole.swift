internal import Glibc

/// An address on the loopback interface where nobody ever answers an attempt to connect.
public final class BlackHole {
    private let listener: Listener
    private var waiting: [CInt] = []

    /// Fills the queue of a socket that nobody accepts from, so that Linux drops what comes after.
    public init() throws {
        listener = try Listener(backlog: 0)
        for _ in 0..<4 { waiting.append(listener.connectWithoutWaiting()) }
        // One connection fills the queue: there is none to come before it, whoever runs first.
        listener.awaitConnection()
    }

    deinit {
        for descriptor in waiting { close(descriptor) }
        close(listener.descriptor)
    }

    /// The address of a file there.
    public var url: String { "http://127.0.0.1:\(listener.port)/a.png" }
}
