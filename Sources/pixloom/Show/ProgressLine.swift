import Pipeline
import Profiling
import SystemCalls

/// One line on standard error that tells how far a run is: redrawn on a terminal, a plain line now
/// and then elsewhere.
final class ProgressLine: Sendable {
    private struct State: Sendable {
        var isDrawn = false
        var hasEnded = false
    }

    private let isShown: Bool
    private let isRedrawn: Bool
    private let state = Monitor(State())
    private let began = MonotonicInstant.now

    init(_ show: ShowOptions) {
        isRedrawn = Terminal.isInteractive
        isShown =
            switch show.progress {
            case .always: true
            case .never: false
            case .auto: !show.quiet && !show.dryRun
            }
    }

    /// Begins to show what `counts` tells, on a thread of its own.
    func start(_ counts: @escaping @Sendable () -> BatchCounts) {
        guard isShown else { return }
        let interval: Int64 = isRedrawn ? 100_000_000 : 10_000_000_000
        // Without the thread the run is as good, only less talkative.
        try? DedicatedThread(named: "progress") { [self] in
            while !waitForEnd(interval) { draw(counts()) }
        }.detach()
    }

    /// Writes a line of its own to standard error.
    func write(_ line: String) {
        state.withLock {
            Terminal.write((clear(&$0) ? "\r\u{1B}[K" : "") + line + "\n", to: 2)
        }
    }

    /// Writes bytes to standard output, which may be the same terminal.
    func writeOutput(_ bytes: [UInt8]) {
        state.withLock {
            if clear(&$0) { Terminal.write("\r\u{1B}[K", to: 2) }
            Terminal.write(bytes, to: 1)
        }
    }

    /// Clears the line; nothing is drawn from now on.
    func end() {
        state.withLock {
            $0.hasEnded = true
            if clear(&$0) { Terminal.write("\r\u{1B}[K", to: 2) }
        }
        state.wakeAll()
    }

    private func clear(_ state: inout State) -> Bool {
        defer { state.isDrawn = false }
        return state.isDrawn
    }

    private func waitForEnd(_ nanoseconds: Int64) -> Bool {
        state.waitUntil(withinNanoseconds: nanoseconds) { $0.hasEnded ? true : nil } ?? false
    }

    private func draw(_ counts: BatchCounts) {
        let seconds = Double(MonotonicInstant.now.nanoseconds(since: began)) / 1e9
        let line = Self.text(counts, seconds: seconds)
        state.withLock {
            guard !$0.hasEnded else { return }
            if isRedrawn {
                Terminal.write("\r\(line.prefix(max(1, Terminal.width - 1)))\u{1B}[K", to: 2)
                $0.isDrawn = true
            } else {
                Terminal.write("pixloom: \(line)\n", to: 2)
            }
        }
    }

    /// The line, most important first, so that a narrow terminal cuts off the rest.
    static func text(_ counts: BatchCounts, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(counts.done) / seconds : 0
        let total = counts.isComplete ? "\(counts.found)" : "≥\(counts.found)"
        var line = "\(counts.done)/\(total) images"
        if counts[.failed] > 0 { line += ", \(counts[.failed]) failed" }
        line += ", \(Quantity.threeDigits(rate)) images/s"
        let megabytes = Double(counts.byteCountIn) / 1e6
        line += ", \(Quantity.threeDigits(seconds > 0 ? megabytes / seconds : 0)) MB/s"
        if counts.isComplete, rate > 0 {
            let left = Double(counts.found - counts.done) / rate
            line += ", \(Quantity.duration(nanoseconds: Int64(left * 1e9))) left"
        }
        return line
    }
}
