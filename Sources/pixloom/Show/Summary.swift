import Pipeline
import Profiling

extension BatchSummary {
    /// The sentence at the end of a run.
    var text: String {
        var parts = ["\(counts[.converted]) converted"]
        let others: [(Int, String)] = [
            (counts[.planned], "planned"), (counts[.upToDate], "up to date"),
            (counts[.skipped], "skipped"), (counts[.failed], "failed"),
            (counts.isComplete ? counts.found - counts.done : 0, "not done"),
        ]
        parts += others.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return parts.joined(separator: ", ")
            + " in \(Quantity.duration(nanoseconds: wallNanoseconds)): "
            + "\(Quantity.threeDigits(imagesPerSecond)) images/s, "
            + "\(Quantity.decimal(byteCount: Int64(counts.byteCountIn))) in, "
            + "\(Quantity.decimal(byteCount: Int64(counts.byteCountOut))) out, "
            + "\(Quantity.duration(nanoseconds: usage.nanoseconds)) of CPU, "
            + "peak memory \(Quantity.binary(byteCount: peakMemoryByteCount))"
    }

    /// The images that were converted in a second.
    var imagesPerSecond: Double {
        wallNanoseconds > 0 ? Double(counts[.converted]) * 1e9 / Double(wallNanoseconds) : 0
    }
}
