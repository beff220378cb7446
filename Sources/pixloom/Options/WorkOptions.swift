public import ArgumentParser
import Codecs
import Pipeline
import SystemCalls
import Transfer
import Workers

/// How the work is done; nothing here changes the outputs.
struct WorkOptions: ParsableArguments {
    @Option(
        help: "Where filters run: threads share this process, processes survive crashes.")
    var mode = Self.usualMode

    @Option(
        name: .joined("j"),
        help: "Images worked on at a time (default: the processors that this process may use).")
    var jobs: Int?

    @Option(
        help: "Threads that fetch, and as many that store (default: 4, or 32 with URLs or lists).")
    var ioJobs: Int?

    @Option(
        help: ArgumentHelp(
            "The most image memory in flight, such as 512M or 80% (default: half of what there is).",
            valueName: "size"),
        transform: ByteSize.read)
    var memory: ByteSize?

    @Option(
        help: ArgumentHelp("The longest that one image may take, such as 10s.", valueName: "time"),
        transform: TimeLength.read)
    var timeout = TimeLength(seconds: 60)

    @Option(
        help: "Further attempts at an image whose worker crashed or hung, or whose download failed."
    )
    var retries = 2

    @Option(
        help: ArgumentHelp(
            "Replace a worker after so many images (default: never).", valueName: "n"))
    var maxImagesPerWorker: Int?

    @Option(help: "The most pixels that a source or a result may have.")
    var maxPixels = DecodeLimits.default.pixelCount

    @Option(
        help: ArgumentHelp("The largest source that is read.", valueName: "size"),
        transform: ByteSize.read)
    var maxBytes = ByteSize(byteCount: 256 << 20)

    @Option(
        help: ArgumentHelp("The longest that one download may take.", valueName: "time"),
        transform: TimeLength.read)
    var fetchTimeout = TimeLength(seconds: 60)

    @Option(
        help: ArgumentHelp(
            "End when more images failed, such as 10, or 5% of those that ended.",
            valueName: "n|p%"),
        transform: ErrorLimitArgument.read)
    var maxErrors: ErrorLimitArgument?

    @Option(
        help: ArgumentHelp("End after this time; the same command goes on.", valueName: "time"),
        transform: TimeLength.read)
    var maxDuration: TimeLength?

    @Option(
        help: ArgumentHelp(
            "Copy inputs that fail to this folder, each with the reason; of one beyond --max-bytes "
                + "the reason alone.", valueName: "folder"))
    var quarantine: BytePath?

    @Flag(help: "Convert only the inputs that failed according to the ledger.")
    var retryFailed = false

    @Option(
        help: ArgumentHelp(
            "What follows the first failure: the other images, or the end.", valueName: "policy"))
    var onError = ErrorPolicy.continue

    func validate() throws {
        for (name, value) in [("--jobs", jobs), ("--io-jobs", ioJobs)] {
            if let value, !(1...1024).contains(value) {
                throw ValidationError("\(name) is \(value): it must be 1 to 1024")
            }
        }
        if let maxImagesPerWorker, maxImagesPerWorker < 1 {
            throw ValidationError(
                "--max-images-per-worker is \(maxImagesPerWorker): it must be at least 1")
        }
        guard (0...100).contains(retries) else {
            throw ValidationError("--retries is \(retries): it must be 0 to 100")
        }
        guard maxPixels >= 1 else {
            throw ValidationError("--max-pixels is \(maxPixels): it must be at least 1")
        }
    }

    /// The settings of a run over these inputs.
    func makeSettings(for inputs: [Input]) throws -> RunSettings {
        let waitsForNetwork = inputs.contains {
            switch $0 {
            case .url, .list: true
            case .path, .standardInput: false
            }
        }
        var settings = RunSettings(
            jobs: jobs ?? Self.usualJobs,
            ioJobs: ioJobs ?? Self.usualIOJobs(waitsForNetwork: waitsForNetwork),
            memoryByteCount: memory?.byteCount ?? Self.usualMemoryByteCount,
            workerExecutable: WorkerExecutable.find())
        settings.mode = mode
        settings.timeoutNanoseconds = timeout.nanoseconds
        settings.retries = retries
        settings.imagesPerWorker = maxImagesPerWorker
        settings.downloads.maximumByteCount = maxBytes.byteCount
        settings.downloads.fetchTimeout = .nanoseconds(fetchTimeout.nanoseconds)
        settings.downloads.retryCount = retries
        settings.downloads.userAgent = "pixloom/\(Release.version)"
        settings.stopsAtFirstError = onError == .stop
        settings.retriesFailedOnly = retryFailed
        settings.errorLimit = maxErrors?.limit ?? .none
        settings.maximumNanoseconds = maxDuration?.nanoseconds
        settings.quarantine = quarantine
        do {
            let limit = Machine.raiseDescriptorLimit()
            Machine.reserveDescriptors(try DescriptorBudget.fit(&settings, into: limit))
        } catch {
            throw Failure("\(error)", .environment)
        }
        return settings
    }
}

// What is chosen where nothing is said.
extension WorkOptions {
    static let usualMode = RunSettings.Mode.processes

    static var usualJobs: Int { Machine.allowedProcessorCount }

    static func usualIOJobs(waitsForNetwork: Bool) -> Int { waitsForNetwork ? 32 : 4 }

    static var usualMemoryByteCount: Int { Machine.allowedMemoryByteCount / 2 }
}

/// What a failed image means for the others.
enum ErrorPolicy: String, ExpressibleByArgument, CaseIterable {
    case `continue`
    case stop
}

extension RunSettings.Mode: ExpressibleByArgument {}
