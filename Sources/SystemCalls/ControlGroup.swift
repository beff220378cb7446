/// What the control groups of a process allow and tell, in cgroups(7) of either version.
///
/// Limits hold for a group and all below it, so the groups around that of the process count too.
public struct ControlGroup: Sendable {
    /// The folders of the process's group for each controller and of those around it, from the
    /// inside out.
    private let memoryFolders: [String]
    private let processorFolders: [String]

    /// Finds the groups of a process.
    ///
    /// - Parameters:
    ///   - process: The number of the process; nil for this one.
    ///   - processes: Where proc(5) is mounted.
    ///   - groups: Where the groups are mounted.
    public init(
        ofProcess process: CInt? = nil, processes: String = "/proc",
        groups: String = "/sys/fs/cgroup"
    ) {
        let name = process.map { String($0) } ?? "self"
        var paths: [Substring: Substring] = [:]
        for line in SystemFile.text("\(processes)/\(name)/cgroup").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            // The one group of version 2 has no names of controllers.
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                paths[controller] = parts[2]
            }
        }
        let unified = ["\(groups)", "\(groups)/unified"].flatMap { root in
            Self.folders(at: paths[""], below: root)
        }
        memoryFolders = unified + Self.folders(at: paths["memory"], below: "\(groups)/memory")
        processorFolders = unified + Self.folders(at: paths["cpu"], below: "\(groups)/cpu")
    }

    /// The processors that may be busy at a time, as in 1.5; nil where there is no limit.
    public var processorQuota: Double? {
        processorFolders.compactMap { folder in
            Self.quota(fromPair: SystemFile.text("\(folder)/cpu.max"))
                ?? Self.quota(
                    fromPair: SystemFile.text("\(folder)/cpu.cfs_quota_us") + " "
                        + SystemFile.text("\(folder)/cpu.cfs_period_us"))
        }.min()
    }

    /// The bytes of memory that all processes of the group may hold; nil where there is no limit.
    public var memoryByteCount: Int? {
        memoryFolders.flatMap { folder in
            [
                SystemFile.text("\(folder)/memory.max"),
                SystemFile.text("\(folder)/memory.limit_in_bytes"),
            ].compactMap(Self.byteCount(from:))
        }.min()
    }

    /// How many processes of the group itself the kernel has killed for want of memory; nil where
    /// that is not told.
    public var memoryKillCount: Int? {
        memoryFolders.lazy.compactMap { folder in
            Self.value(of: "oom_kill", in: SystemFile.text("\(folder)/memory.events"))
                ?? Self.value(of: "oom_kill", in: SystemFile.text("\(folder)/memory.oom_control"))
        }.first
    }

    /// The folder of a group and those around it.
    ///
    /// Where the path is not one below the mount, as in a container that does not see the host's
    /// groups, only the last of them exists: its own group.
    private static func folders(at path: Substring?, below root: String) -> [String] {
        guard let path else { return [] }
        var components = path.split(separator: "/")
        var folders: [String] = []
        while true {
            folders.append(([root[...]] + components).joined(separator: "/"))
            if components.popLast() == nil { return folders }
        }
    }

    /// Reads `150000 100000`, microseconds in each period; `max` and `-1` are no limit.
    private static func quota(fromPair pair: String) -> Double? {
        let numbers = pair.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0,
            period > 0
        else { return nil }
        return quota / period
    }

    /// Reads a number of bytes; `max`, and the huge number that stood for it, are no limit.
    private static func byteCount(from text: String) -> Int? {
        guard let count = Int(text.filter { !$0.isWhitespace }), count < 1 << 60 else { return nil }
        return count
    }

    /// Reads the number in the line that begins with a name.
    private static func value(of name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return Int(words[1]) }
        }
        return nil
    }
}
