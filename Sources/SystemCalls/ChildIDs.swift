internal import Glibc

extension CurrentProcess {
    /// The children of this process that live or have not been reaped: proc_pid_children(5).
    ///
    /// - Returns: Their numbers; none where the kernel does not tell.
    public static func childIDs() -> [CInt] {
        guard let folder = unsafe opendir("/proc/self/task") else { return [] }
        defer { unsafe closedir(folder) }
        var children: [CInt] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            guard CInt(name) != nil else { continue }
            children += text(ofFile: "/proc/self/task/\(name)/children")
                .split(separator: " ").compactMap { CInt($0) }
        }
        return children
    }

    /// At most the first 64 KiB of a file of `/proc`; empty if it cannot be read.
    private static func text(ofFile path: String) -> String {
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
