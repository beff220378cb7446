import Foundation

/// Reads a trace as its format's document says, and tells what breaks a rule.
public enum TraceChecker {
    /// One line for each broken rule.
    public static func violations(of events: [[String: Any]]) -> [String] {
        events.enumerated().flatMap { index, event in
            fieldViolations(of: event).map { "event \(index): \($0)" }
        } + nestingViolations(of: events)
    }

    private static func fieldViolations(of event: [String: Any]) -> [String] {
        var violations: [String] = []
        let arguments = event["args"] as? [String: Any]
        if (event["name"] as? String ?? "").isEmpty { violations.append("no name") }
        if !(event["pid"] is Int) || !(event["tid"] is Int) { violations.append("no pid or tid") }
        guard let time = event["ts"] as? Double, time >= 0 else { return violations + ["no ts"] }
        switch event["ph"] as? String {
        case "X":
            if (event["dur"] as? Double).map({ $0 < 0 }) ?? true { violations.append("no dur") }
        case "C":
            let values = arguments ?? [:]
            if values.isEmpty || !values.values.allSatisfy({ $0 is NSNumber }) {
                violations.append("a counter without numbers")
            }
        case "i":
            if !["t", "p", "g"].contains(event["s"] as? String) { violations.append("no scope") }
        case "M":
            if !["process_name", "thread_name"].contains(event["name"] as? String)
                || !(arguments?["name"] is String)
            {
                violations.append("metadata without a known name")
            }
        case let phase: violations.append("unknown phase \(phase ?? "")")
        }
        return violations
    }

    /// Complete events of one track end in order, and each two of them are apart or one inside the
    /// other.
    private static func nestingViolations(of events: [[String: Any]]) -> [String] {
        let slices = events.compactMap(Slice.init)
        return Dictionary(grouping: slices, by: \.track).flatMap { track, slices -> [String] in
            var violations: [String] = []
            for (earlier, later) in zip(slices, slices.dropFirst()) where later.end < earlier.end {
                violations.append("\(track): \(later) is written after \(earlier)")
            }
            var open: [Slice] = []
            for slice in slices.sorted(by: { ($0.start, $1.end) < ($1.start, $0.end) }) {
                while let last = open.last, last.end <= slice.start { open.removeLast() }
                if let last = open.last, slice.end > last.end {
                    violations.append("\(track): \(slice) overlaps \(last)")
                }
                open.append(slice)
            }
            return violations
        }
    }

    /// A complete event with its times in nanoseconds.
    private struct Slice {
        let track: String
        let start: Int
        let end: Int

        init?(event: [String: Any]) {
            guard event["ph"] as? String == "X", let time = event["ts"] as? Double,
                let duration = event["dur"] as? Double, let process = event["pid"] as? Int,
                let thread = event["tid"] as? Int
            else { return nil }
            track = "\(process)/\(thread)"
            start = Int((time * 1000).rounded())
            end = start + Int((duration * 1000).rounded())
        }
    }
}
