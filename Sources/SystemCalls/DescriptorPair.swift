internal import CLinuxShims
internal import Glibc

/// Two descriptors that the kernel connected; both are closed in children unless handed over.
struct DescriptorPair: ~Copyable {
    /// The reading end of a pipe, or the end of a socket pair that stays.
    let first: OwnedDescriptor

    /// The writing end of a pipe, or the end of a socket pair for a child.
    let second: OwnedDescriptor

    /// Makes a pipe that never blocks: what does not fit is an error for the writer.
    static func nonblockingPipe() throws(SystemCallError) -> DescriptorPair {
        try unsafe DescriptorPair("pipe2") { unsafe pixloom_nonblocking_pipe($0) }
    }

    /// Makes a connected pair of sockets of unix(7) that keep messages apart.
    static func messageSockets() throws(SystemCallError) -> DescriptorPair {
        try unsafe DescriptorPair("socketpair") {
            let kind = SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue
            return unsafe socketpair(AF_UNIX, CInt(kind), 0, $0)
        }
    }

    private init(
        _ name: String, _ call: (UnsafeMutablePointer<CInt>) -> CInt
    ) throws(SystemCallError) {
        var numbers: [CInt] = [-1, -1]
        let result = unsafe numbers.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe call($0) } ?? -1
        }
        guard result == 0 else { throw .last(name) }
        first = OwnedDescriptor(adopting: numbers[0])
        second = OwnedDescriptor(adopting: numbers[1])
    }
}
