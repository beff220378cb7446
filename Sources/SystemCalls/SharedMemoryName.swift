internal import Glibc

/// The name that a shared-memory object has for the moment between shm_open(3) and shm_unlink(3).
///
/// It reads `pixloom-MACHINE-PROCESS-START-RANDOM`, all in hexadecimal digits, so that an object
/// whose maker was killed in that moment is known for what it is.
struct SharedMemoryName: Hashable {
    /// The process that makes the object.
    let maker: ProcessIdentity

    private let random: UInt64

    private static let prefix = "pixloom-"
    private static let folder = "/dev/shm"

    /// Makes a name that no other object has, as far as chance can tell.
    init() {
        maker = .current
        random = .random(in: .min ... .max)
    }

    /// Reads a ``text``; nil if it is not of this kind.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let fields = text.dropFirst(Self.prefix.count)
        guard let last = fields.lastIndex(of: "-"), let maker = ProcessIdentity(fields[..<last]),
            let random = UInt64(fields[fields.index(after: last)...], radix: 16)
        else { return nil }
        self.maker = maker
        self.random = random
    }

    /// The name of the file in `/dev/shm`.
    var text: String { Self.prefix + maker.text + "-" + String(random, radix: 16) }

    /// The name as shm_open(3) wants it.
    var path: String { "/" + text }

    /// The names of this kind that objects have now.
    static func all() -> [SharedMemoryName] {
        guard let folder = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [SharedMemoryName] = []
        while let entry = unsafe readdir(folder) {
            let text = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if let name = SharedMemoryName(text) { names.append(name) }
        }
        return names
    }
}
