internal import Glibc

/// Small files in which the kernel or the system tells about itself, as those of proc(5).
public enum SystemFile {
    /// At most the first 64 KiB of a file, in one read; empty if it cannot be read.
    public static func text(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor != -1 else { return "" }
        let file = OwnedDescriptor(adopting: descriptor)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = retryingInterrupted {
            unsafe bytes.withUnsafeMutableBytes {
                unsafe read(file.rawValue, $0.baseAddress, $0.count)
            }
        }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
