internal import Synchronization
internal import SystemCalls

/// The name of a file that is being written: hidden, unique, and telling who writes it.
///
/// It reads `.pixloom-MACHINE-PROCESS-START-COUNTER.tmp`, all in hexadecimal digits.
struct TemporaryName: Hashable {
    /// The process that writes the file.
    let writer: ProcessIdentity

    /// What tells the files of one process apart.
    let counter: UInt64

    private static let lastCounter = Atomic<UInt64>(0)
    private static let prefix = ".pixloom-"
    private static let suffix = ".tmp"

    /// The bytes of this process's names up to the counter.
    private static let start = Array((prefix + ProcessIdentity.current.text + "-").utf8)

    /// Makes a name that no other file of this process has, as a path of one component.
    static func makePath() -> BytePath {
        let counter = lastCounter.add(1, ordering: .relaxed).newValue
        return BytePath(start + Array((String(counter, radix: 16) + suffix).utf8)) ?? BytePath()
    }

    /// Reads a name; nil if it is not one of this kind.
    init?(_ name: BytePath) {
        // Nearly all names end here, without an allocation.
        guard name.bytes.starts(with: Self.prefix.utf8) else { return nil }
        let text = String(decoding: name.bytes, as: UTF8.self)
        guard text.hasSuffix(Self.suffix) else { return nil }
        let fields = text.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
        guard let last = fields.lastIndex(of: "-"), let writer = ProcessIdentity(fields[..<last]),
            let counter = UInt64(fields[fields.index(after: last)...], radix: 16)
        else { return nil }
        self.writer = writer
        self.counter = counter
    }

    /// Whether nobody is going to finish this file.
    ///
    /// - Parameters:
    ///   - modification: When the file was last written to, in nanoseconds since 1970.
    ///   - now: The same for the present.
    /// - Returns: Whether it may be removed.
    func isStale(modification: Int64, now: Int64) -> Bool {
        // What another machine, or this one before its last boot, began can't be looked up; it
        // takes a day instead.
        writer.hasEnded || now - modification > 86_400_000_000_000
    }
}
