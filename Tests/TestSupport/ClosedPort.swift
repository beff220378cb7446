internal import Glibc

/// An address on the loopback interface that refuses every attempt to connect.
///
/// Its port is taken, so that no server of another test can get it.
public final class ClosedPort {
    private let socket: Listener

    /// Takes a free port.
    public init() throws { socket = try Listener(backlog: nil) }

    deinit { close(socket.descriptor) }

    /// The address of a file there.
    public var url: String { "http://127.0.0.1:\(socket.port)/a.png" }
}
