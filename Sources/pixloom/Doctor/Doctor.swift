import ArgumentParser
import Codecs
import Images
import Pipeline
import Profiling
import SystemCalls
import Transfer
import Workers

/// Says what this machine offers and what pixloom makes of it.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What this machine offers, whether workers start, and what defaults follow.")

    func run() throws {
        let worker = WorkerExecutable.find()
        let start: Result<Int64, any Error> = Result { try StartTimes.worker(worker) }
        var lines = [("system", Surroundings.systemName)] + machine + build
        lines += [("worker", Self.text(of: worker, start)), ("thread", threadText)]
        lines += defaults
        let width = lines.map(\.0.count).max() ?? 0
        for (name, value) in lines {
            let padding = String(repeating: " ", count: width - name.count + 2)
            Terminal.writeOutput(name + padding + value)
        }
        if case .failure = start {
            throw Failure("no worker starts, so only --mode threads works here", .environment)
        }
    }

    private typealias Line = (String, String)

    private var machine: [Line] {
        let group = ControlGroup()
        let quota = group.processorQuota.map {
            ", \(Quantity.threeDigits($0)) of them by the control group"
        }
        let allowed = Machine.processorCount
        let memory = [
            "\(Quantity.binary(byteCount: Int64(Machine.memoryByteCount))) in the machine",
            group.memoryByteCount.map {
                "\(Quantity.binary(byteCount: Int64($0))) allowed by the control group"
            },
            SystemMemory.availableByteCount.map {
                "\(Quantity.binary(byteCount: Int64($0))) available now"
            },
        ]
        return [
            ("processor", Surroundings.processorName),
            (
                "cores",
                "\(allowed) allowed by affinity\(quota ?? ", no limit by the control group")"
            ),
            ("memory", memory.compactMap { $0 }.joined(separator: ", ")),
            ("/dev/shm", sharedMemory),
            ("descriptors", "\(Machine.descriptorLimit) at most"),
        ]
    }

    private var sharedMemory: String {
        let (kind, _) = SharedMemoryKind.choose(budget: WorkOptions.usualMemoryByteCount)
        let free: String
        do {
            let bytes = try SharedMemoryKind.freeByteCount()
            free = "\(Quantity.binary(byteCount: Int64(bytes))) free"
        } catch {
            free = "cannot be used: \(error)"
        }
        return "\(free), so segments come from \(kind.rawValue)"
    }

    private var build: [Line] {
        let libraries = CodecTable.available.map { "\($0.format.rawValue) (\($0.library))" }
        return [
            ("build", "pixloom \(Release.version)"),
            ("code", "built for \(ProcessorLevel.built), \(ProcessorLevel.present) present"),
            ("codecs", libraries.joined(separator: ", ")),
            ("downloads", Downloader.libraryVersion ?? "none (built without libcurl)"),
        ]
    }

    private var threadText: String {
        guard let time = try? StartTimes.thread() else { return "does not start" }
        return "starts in \(Quantity.duration(nanoseconds: time))"
    }

    private static func text(of worker: String, _ start: Result<Int64, any Error>) -> String {
        switch start {
        case .success(let time):
            "\(worker) is ready \(Quantity.duration(nanoseconds: time)) after its spawn"
        case .failure(let error): "\(error)"
        }
    }

    private var defaults: [Line] {
        let memory = Quantity.binary(byteCount: Int64(WorkOptions.usualMemoryByteCount))
        let jobs = WorkOptions.usualJobs
        return [
            ("defaults", "--mode \(WorkOptions.usualMode.rawValue) -j \(jobs) --memory \(memory)"),
            (
                "",
                "--io-jobs \(WorkOptions.usualIOJobs(waitsForNetwork: false)), "
                    + "or \(WorkOptions.usualIOJobs(waitsForNetwork: true)) with URLs or lists"
            ),
        ]
    }
}
