import Foundation
import Testing

/// A trace as the tool wrote it.
struct Trace {
    /// A thread of a process.
    struct Track: Hashable {
        let process: Int
        let thread: Int
    }

    /// A complete event, its times in nanoseconds.
    struct Slice {
        let name: String
        let category: String
        let track: Track
        let start: Int64
        let nanoseconds: Int64
        let image: String?

        var end: Int64 { start + nanoseconds }
    }

    /// Something that took no time.
    struct Instant {
        let name: String
        let track: Track
        let detail: String
    }

    let events: [[String: Any]]
    private(set) var slices: [Slice] = []
    private(set) var instants: [Instant] = []

    /// The names of threads.
    private(set) var tracks: [Track: String] = [:]

    /// The names of processes by their numbers.
    private(set) var processes: [Int: String] = [:]

    /// The series of each counter.
    private(set) var counters: [String: Set<String>] = [:]

    /// Reads a trace that is whole.
    init(_ bytes: [UInt8]) throws {
        events = try #require(
            JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
        for event in events { add(event) }
    }

    private mutating func add(_ event: [String: Any]) {
        guard let name = event["name"] as? String, let process = event["pid"] as? Int,
            let thread = event["tid"] as? Int, let time = event["ts"] as? Double
        else { return }
        let track = Track(process: process, thread: thread)
        let arguments = event["args"] as? [String: Any] ?? [:]
        switch (event["ph"] as? String, name) {
        case ("X", _):
            slices.append(
                Slice(
                    name: name, category: event["cat"] as? String ?? "", track: track,
                    start: Int64((time * 1000).rounded()),
                    nanoseconds: Int64(((event["dur"] as? Double ?? 0) * 1000).rounded()),
                    image: arguments["image"] as? String))
        case ("i", _):
            instants.append(
                Instant(name: name, track: track, detail: arguments["detail"] as? String ?? ""))
        case ("C", _): counters[name, default: []].formUnion(arguments.keys)
        case ("M", "process_name"): processes[process] = arguments["name"] as? String
        case ("M", "thread_name"): tracks[track] = arguments["name"] as? String
        default: break
        }
    }
}

/// A line of the table of `--profile` that tells of a stage or of a part of one.
struct ProfileRow {
    let name: String
    let count: Int
    let nanoseconds: Int64

    /// Reads a line as in `  decode   16  61.6 ms  44.6 % …`; nil for any other.
    init?(_ line: String) {
        let pattern =
            #/^\ +(?<name>\S+(\ \S+)*?)\ {2,}(?<count>\d+)\ +(?<time>[\d.]+)\ (?<unit>ns|µs|ms|s)\b/#
        let scales = ["ns": 1.0, "µs": 1e3, "ms": 1e6, "s": 1e9]
        guard let match = line.firstMatch(of: pattern), let count = Int(match.count),
            let time = Double(match.time), let scale = scales[String(match.unit)]
        else { return nil }
        name = String(match.name)
        self.count = count
        nanoseconds = Int64((time * scale).rounded())
    }
}
