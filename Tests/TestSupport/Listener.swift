internal import Glibc
internal import SystemCalls

/// A socket that listens on a free port of 127.0.0.1.
struct Listener {
    let descriptor: CInt
    let port: UInt16

    init(backlog: CInt = 256) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = loopbackAddress(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard unsafe bind(descriptor, pointer, length) == 0,
                    listen(descriptor, backlog) == 0
                else { return CInt(-1) }
                return unsafe getsockname(descriptor, pointer, &length)
            }
        }
        guard result == 0 else { throw SystemCallError.failed("listen", errno: errno) }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Begins to connect to this socket, and returns the other end.
    func connectWithoutWaiting() -> CInt {
        let client = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = loopbackAddress(port: port)
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return client
    }
}

private func loopbackAddress(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
