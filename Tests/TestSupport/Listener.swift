internal import Glibc
internal import SystemCalls

/// A socket with a free port of 127.0.0.1, on which it listens.
///
/// It is closed in children, as are its connections: one that is inherited would stay open there.
struct Listener {
    let descriptor: CInt
    let port: UInt16

    /// Makes the socket.
    ///
    /// - Parameter backlog: How many connections may wait to be accepted, less one; nil for a socket
    ///   that holds its port and does not listen.
    /// - Throws: What the system reports.
    init(backlog: CInt? = 256) throws {
        _ = noProxy
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopbackAddress(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard unsafe bind(descriptor, pointer, length) == 0,
                    backlog.map({ listen(descriptor, $0) == 0 }) ?? true
                else { return CInt(-1) }
                return unsafe getsockname(descriptor, pointer, &length)
            }
        }
        guard result == 0 else { throw SystemCallError.failed("listen", errno: errno) }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Begins to connect to this socket, and returns the other end.
    func connectWithoutWaiting() -> CInt {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let client = socket(AF_INET, CInt(kind), 0)
        var address = loopbackAddress(port: port)
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return client
    }

    /// Waits until a connection can be accepted.
    func awaitConnection() {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&request, 1, -1) < 0, errno == EINTR {}
    }
}

/// Keeps libcurl from asking a proxy, which the environment may name, for what is on this machine.
private let noProxy: Void = {
    let names = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    // Only then: other threads may be reading the environment.
    if names.contains(where: { unsafe getenv($0) != nil }) { unsafe setenv("no_proxy", "*", 1) }
}()

private func loopbackAddress(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
