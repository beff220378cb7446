internal import Glibc
internal import SystemCalls

/// One process among all that ever write to a folder, also from other machines.
struct ProcessIdentity: Hashable, Sendable {
    /// One boot of one machine, or one container on it: where the number can be looked up.
    let machine: UInt64

    /// The number of the process.
    let number: pid_t

    /// When the process started, in clock ticks since the boot: it tells the process from a later
    /// one of the same number.
    let startTime: UInt64

    /// This process.
    static let current = ProcessIdentity(
        machine: currentMachine(), number: getpid(),
        startTime: ProcessStatus(of: getpid())?.startTime ?? 0)

    /// Whether the process has ended for sure; false for one of another machine, which can't be
    /// looked up here.
    var hasEnded: Bool {
        guard machine == Self.current.machine else { return false }
        // Where /proc hides the processes of other users, only kill(2) tells that they live.
        if kill(number, 0) == -1, errno == ESRCH { return true }
        guard let status = ProcessStatus(of: number) else { return false }
        return status.startTime != startTime || status.isZombie
    }

    /// A hash of the boot's name and the name of the space in which process numbers count.
    private static func currentMachine() -> UInt64 {
        let boot = contents(of: "/proc/sys/kernel/random/boot_id")
        let space = try? FileStatus(of: "/proc/self/ns/pid").identity.number
        // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
        return (boot + Array(String(space ?? 0).utf8)).reduce(0xCBF2_9CE4_8422_2325) {
            hash, byte in (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }
}

/// What proc(5) says of a process in `/proc/PID/stat`.
private struct ProcessStatus {
    let isZombie: Bool
    let startTime: UInt64

    /// Reads the status; nil if there is no such process, or none that may be seen.
    init?(of process: pid_t) {
        let line = contents(of: BytePath("/proc/\(process)/stat") ?? BytePath())
        // The second field, the name in parentheses, may contain spaces and parentheses itself.
        guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = line[(end + 1)...].split(separator: UInt8(ascii: " "))
        // The third field is the state and the 22nd the start time.
        guard fields.count > 19, let state = fields[0].first,
            let startTime = UInt64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        isZombie = state == UInt8(ascii: "Z")
        self.startTime = startTime
    }
}

/// The first kilobytes of a file in /proc, where files have no size; empty if it can't be read.
private func contents(of path: BytePath) -> [UInt8] {
    (try? FileSource.firstBytes(of: path, count: 4096)) ?? []
}
