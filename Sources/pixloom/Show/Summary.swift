import Pipeline
import Profiling
import SystemCalls

extension BatchSummary {
    /// The sentence at the end of a run.
    var text: String {
        let duration = Quantity.duration(nanoseconds: wallNanoseconds)
        let sentence = "\(stop.map { "stopped \($0): " } ?? "")\(became) in \(duration)"
        // A dry run has no rates.
        guard counts.byteCountIn > 0 else { return sentence }
        return sentence + ": "
            + "\(Quantity.threeDigits(imagesPerSecond)) images/s, "
            + "\(Quantity.decimal(byteCount: Int64(counts.byteCountIn))) in, "
            + "\(Quantity.decimal(byteCount: Int64(counts.byteCountOut))) out, "
            + "\(Quantity.duration(nanoseconds: usage.nanoseconds)) of CPU, "
            + "peak memory \(Quantity.binary(byteCount: peakMemoryByteCount))"
    }

    /// The counts that are not zero, as in `12 converted, 1 failed`.
    private var became: String {
        let parts = [
            (counts[.converted], "converted"), (counts[.planned], "planned"),
            (counts[.upToDate], "up to date"), (counts[.skipped], "skipped"),
            (counts[.failed], "failed"),
            (counts.isComplete ? counts.found - counts.done : 0, "not done"),
        ]
        let named = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return named.isEmpty ? "nothing to do" : named.joined(separator: ", ")
    }

    /// Why the run ended early, after "stopped"; nil if it did not.
    private var stop: String? {
        switch endingReason {
        case nil: nil
        case .signal(let number): "by \(ExitStatus.signalName(number))"
        case .firstError: "at the first failure"
        case .errorLimit: "by --max-errors"
        case .durationLimit: "by --max-duration"
        case .noSpace: "because the disk is full"
        case .environment: "early"
        }
    }

    /// The images that were converted in a second.
    var imagesPerSecond: Double {
        wallNanoseconds > 0 ? Double(counts[.converted]) * 1e9 / Double(wallNanoseconds) : 0
    }
}
