internal import Glibc

/// The peak of the memory that this process and its children hold together.
///
/// The kernel keeps the peak of each process, but they do not add up: a segment is resident in two
/// processes and exists once. So a sample adds what the parent has resident, shared pages among it,
/// and of each child only what is its own; the parent maps every segment, so none is forgotten. The
/// peak is that of the samples; take one a few times a second and one before children are ended.
public struct TreeMemory: Sendable {
    /// The most that a sample saw, in bytes.
    public private(set) var peakByteCount: Int64 = 0

    /// Makes a peak of no samples.
    public init() {}

    /// Looks at the tree now, about 30 µs for each process; a child that is gone counts nothing.
    public mutating func sample(children: some Sequence<Int32>) {
        let parent = ResidentMemory(path: "/proc/self/status")
        let own = parent.anonymous + parent.file + parent.shared
        let tree = children.reduce(own) { sum, child in
            let child = ResidentMemory(path: "/proc/\(child)/status")
            return sum + child.anonymous + child.file
        }
        peakByteCount = max(peakByteCount, tree, parent.peak)
    }
}

/// The lines of proc_pid_status(5) about resident memory, in bytes; 0 for what is not there.
struct ResidentMemory {
    private(set) var anonymous: Int64 = 0
    private(set) var file: Int64 = 0
    private(set) var shared: Int64 = 0
    private(set) var peak: Int64 = 0

    init(path: String) {
        self.init(status: readStart(of: path))
    }

    init(status: String) {
        for line in status.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count >= 2, let kibibytes = Int64(words[1]), kibibytes < 1 << 50 else {
                continue
            }
            switch words[0] {
            case "RssAnon:": anonymous = kibibytes * 1024
            case "RssFile:": file = kibibytes * 1024
            case "RssShmem:": shared = kibibytes * 1024
            case "VmHWM:": peak = kibibytes * 1024
            default: break
            }
        }
    }
}

/// The first 4 KiB of a file, which is all of a status file; empty if it cannot be read.
private func readStart(of path: String) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
    }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
}
