/// What the control groups of this process allow, in cgroups(7) of either version.
///
/// Only the group of the process itself is looked at, which is the container's own in a container.
enum ControlGroup {
    /// The processors that may be busy at a time, as in 1.5; nil where there is no limit.
    static var processorQuota: Double? {
        if let quota = quota(fromPair: text("cpu.max", controller: "")) { return quota }
        let pair =
            text("cpu.cfs_quota_us", controller: "cpu") + " "
            + text("cpu.cfs_period_us", controller: "cpu")
        return quota(fromPair: pair)
    }

    /// The bytes of memory that all processes of the group may hold; nil where there is no limit.
    static var memoryByteCount: Int? {
        [text("memory.max", controller: ""), text("memory.limit_in_bytes", controller: "memory")]
            .compactMap(byteCount(from:)).first
    }

    /// Reads `150000 100000`, microseconds in each period; `max` and `-1` are no limit.
    static func quota(fromPair pair: String) -> Double? {
        let numbers = pair.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0,
            period > 0
        else { return nil }
        return quota / period
    }

    /// Reads a number of bytes; `max`, and the huge number that stood for it, are no limit.
    static func byteCount(from text: String) -> Int? {
        guard let count = Int(text.filter { !$0.isWhitespace }), count < 1 << 60 else { return nil }
        return count
    }

    private static func text(_ name: String, controller: String) -> String {
        for line in SystemFile.text("/proc/self/cgroup").split(separator: "\n") {
            let parts = line.split(
                separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let controllers = parts[1].split(separator: ",")
            let isWanted =
                controller.isEmpty
                ? controllers.isEmpty : controllers.contains { $0 == controller }
            guard isWanted else { continue }
            let root = "/sys/fs/cgroup" + (controller.isEmpty ? "" : "/\(controller)")
            // A container sees its own group as the root.
            let own = SystemFile.text("\(root)\(parts[2])/\(name)")
            return own.isEmpty ? SystemFile.text("\(root)/\(name)") : own
        }
        return ""
    }
}

/// What is left of the machine's memory.
enum SystemMemory {
    /// `MemAvailable` of proc_meminfo(5), in bytes.
    static var availableByteCount: Int? {
        for line in SystemFile.text("/proc/meminfo").split(separator: "\n")
        where line.hasPrefix("MemAvailable:") {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count >= 2, let kibibytes = Int(words[1]) else { return nil }
            return kibibytes << 10
        }
        return nil
    }
}
