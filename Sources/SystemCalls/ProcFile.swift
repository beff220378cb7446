internal import Glibc

/// The files of proc(5), which have no size and are read at once.
enum ProcFile {
    /// At most the first 64 KiB of a file; empty if it cannot be read.
    static func text(_ path: String) -> String {
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
