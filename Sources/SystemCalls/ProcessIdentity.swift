internal import Glibc

/// One process among all that ever write to a place, also from other machines and containers.
public struct ProcessIdentity: Hashable, Sendable {
    /// One boot of one machine, or one container on it: where the number can be looked up.
    public let machine: UInt64

    /// The number of the process.
    public let number: CInt

    /// When the process started, in clock ticks since the boot: it tells the process from a later
    /// one of the same number.
    public let startTime: UInt64

    /// This process.
    public static let current = ProcessIdentity(
        machine: currentMachine(), number: getpid(),
        startTime: ProcessStatus(of: getpid())?.startTime ?? 0)

    /// Names a process.
    public init(machine: UInt64, number: CInt, startTime: UInt64) {
        self.machine = machine
        self.number = number
        self.startTime = startTime
    }

    /// Reads a ``text``; nil if it is not one.
    public init?(_ text: some StringProtocol) {
        let fields = text.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count == 3, let machine = UInt64(fields[0], radix: 16),
            let number = CInt(fields[1], radix: 16), let startTime = UInt64(fields[2], radix: 16)
        else { return nil }
        self.init(machine: machine, number: number, startTime: startTime)
    }

    /// `MACHINE-PROCESS-START` in hexadecimal digits, for names of files.
    public var text: String {
        [
            String(machine, radix: 16), String(number, radix: 16), String(startTime, radix: 16),
        ].joined(separator: "-")
    }

    /// Whether the process has ended for sure; false for one of another machine, which can't be
    /// looked up here.
    public var hasEnded: Bool {
        guard machine == Self.current.machine else { return false }
        // Where /proc hides the processes of other users, only kill(2) tells that they live.
        if kill(number, 0) == -1, errno == ESRCH { return true }
        guard let status = ProcessStatus(of: number) else { return false }
        return status.startTime != startTime || status.isZombie
    }

    /// A hash of the boot's name and the name of the space in which process numbers count.
    private static func currentMachine() -> UInt64 {
        let boot = SystemFile.text("/proc/sys/kernel/random/boot_id")
        var space = stat()
        _ = unsafe stat("/proc/self/ns/pid", &space)
        // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
        return "\(boot)\(space.st_ino)".utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }
}

/// What proc(5) says of a process in `/proc/PID/stat`.
private struct ProcessStatus {
    let isZombie: Bool
    let startTime: UInt64

    /// Reads the status; nil if there is no such process, or none that may be seen.
    init?(of process: CInt) {
        let line = SystemFile.text("/proc/\(process)/stat")
        // The second field, the name in parentheses, may contain spaces and parentheses itself.
        guard let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        // The third field is the state and the 22nd the start time.
        guard fields.count > 19, let startTime = UInt64(fields[19]) else { return nil }
        isZombie = fields[0] == "Z"
        self.startTime = startTime
    }
}
