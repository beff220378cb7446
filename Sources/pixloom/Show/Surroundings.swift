import Codecs
import Glibc
import Profiling
import SystemCalls
import Workers

/// What a report says of the place and time of a run.
enum Surroundings {
    /// The date and the time of day, as in `2026-11-22 08:38 UTC`.
    static var date: String { Quantity.date(secondsSince1970: time(nil)) }

    /// The command line as a shell takes it.
    static var command: String {
        let words = CommandLine.arguments.enumerated().map { index, word in
            index == 0 ? word.split(separator: "/").last.map(String.init) ?? word : quoted(word)
        }
        return words.joined(separator: " ")
    }

    /// The machine and this build, by name.
    static var machine: [ReportData.Fact] {
        let cores = Machine.allowedProcessorCount
        let libraries = CodecTable.available.map(\.library).joined(separator: ", ")
        return [
            .init(
                "processor",
                "\(processorName), \(cores) \(cores == 1 ? "core" : "cores") allowed"),
            .init("memory", Quantity.binary(byteCount: Int64(Machine.memoryByteCount))),
            .init("system", systemName),
            .init("pixloom", "\(Release.version), \(libraries)"),
        ]
    }

    /// The processor's own name, as in `AMD EPYC 7763`.
    static var processorName: String {
        value(of: "model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown"
    }

    /// The distribution and the kernel, as in `Debian GNU/Linux 12 (bookworm), Linux 6.1.0`.
    static var systemName: String {
        var names = utsname()
        unsafe uname(&names)
        let kernel = unsafe withUnsafeBytes(of: &names.release) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let system = value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")
        return [system, "Linux \(kernel)"].compactMap { $0 }.joined(separator: ", ")
    }

    /// A word as a shell takes it: in quotation marks only where it needs them.
    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                true
            default: "-_./:=,%@+".utf8.contains(byte)
            }
        }
        guard !isPlain || word.isEmpty else { return word }
        return "'"
            + word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#) + "'"
    }

    /// The value of the first line with this name, without quotation marks.
    private static func value(of name: String, in path: String, separator: Character) -> String? {
        for line in SystemFile.text(path).split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]) == name else { continue }
            return trimmed(parts[1])
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let isOutside = { (character: Character) in character.isWhitespace || character == "\"" }
        return String(text.drop(while: isOutside).reversed().drop(while: isOutside).reversed())
    }
}
