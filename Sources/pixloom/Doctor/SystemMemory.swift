import SystemCalls

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
