import Codecs
import Filters
import Images
import Pipeline
import Profiling
import SystemCalls

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

    /// The sentence that names what binds and what to change.
    func verdict(_ settings: RunSettings, _ recipe: Recipe) -> String {
        var context = RunContext(
            usesProcesses: settings.mode == .processes, jobs: settings.jobs,
            ioJobs: settings.ioJobs, cores: Machine.allowedProcessorCount,
            wallNanoseconds: wallNanoseconds, imageCount: counts.done)
        context.filters = recipe.chain.specifications.map {
            FilterTime(name: String($0.prefix { $0 != ":" }))
        }
        if recipe.format != .jpeg, recipe.encoding.pngEffort != .fast {
            context.cheaperEncoding = "--png-effort fast"
        }
        return profile.verdict(context: context).sentence
    }
}
