internal import CLinuxShims
internal import Glibc

/// A system call that failed.
public enum SystemCallError: Error, Hashable {
    /// The call of this name left this value in `errno`.
    case failed(_ call: String, errno: CInt)

    /// The object behind an inherited descriptor has fewer bytes than its sender announced.
    case segmentTooSmall(announced: Int, actual: Int)

    /// The error that the call of this name has just left in `errno`.
    static func last(_ call: String) -> SystemCallError { .failed(call, errno: Glibc.errno) }

    /// The value of `errno`, or 0 where no call failed.
    public var errno: CInt {
        if case .failed(_, let errno) = self { errno } else { 0 }
    }
}

extension SystemCallError: CustomStringConvertible {
    /// The clause that follows "cannot …: ", as in `mmap: cannot allocate memory`.
    public var description: String {
        switch self {
        case .failed(let call, let errno): "\(call): \(Self.message(for: errno))"
        case .segmentTooSmall(let announced, let actual):
            "\(announced) bytes of shared memory were announced, the segment has \(actual)"
        }
    }

    /// What strerrordesc_np(3) says, with a lower-case first letter as all our messages have.
    private static func message(for errno: CInt) -> String {
        guard let text = unsafe pixloom_error_description(errno) else { return "error \(errno)" }
        let message = unsafe String(cString: text)
        return message.prefix(1).lowercased() + message.dropFirst()
    }
}
