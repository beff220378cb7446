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
            children += SystemFile.text("/proc/self/task/\(name)/children")
                .split(separator: " ").compactMap { CInt($0) }
        }
        return children
    }
}
