internal import Profiling
internal import Transfer

/// What the threads of one run share.
struct RunParts: Sendable {
    let settings: RunSettings
    let recipe: Recipe
    let destinations: Destinations

    /// The folder of the outputs; nil where the one output goes to standard output.
    let folder: OutputFolder?

    /// Whether outputs are dropped where others are stored.
    let discardsOutputs: Bool

    let control: RunControl
    let tally: Tally
    let ledger: Ledger?

    /// Gives outputs their names; nil where the one output goes to standard output.
    let publisher: Publisher?

    let memory: ImageMemory
    let watch: RunWatch

    /// Takes every single span; nil where only sums are wanted.
    let sink: (any SpanSink)?

    let found: BoundedQueue<ImageOutcome>
    let fetched: BoundedQueue<ImageInFlight>
    let encoded: BoundedQueue<ImageInFlight>

    /// The encoded bytes that wait on each side of a lane.
    private static let byteCapacity = 4 << 20

    init(
        settings: RunSettings, recipe: Recipe, destinations: Destinations, folder: OutputFolder?,
        discardsOutputs: Bool, control: RunControl, tally: Tally, ledger: Ledger?,
        sink: (any SpanSink)?
    ) {
        self.discardsOutputs = discardsOutputs
        self.sink = sink
        self.settings = settings
        self.recipe = recipe
        self.destinations = destinations
        self.folder = folder
        self.control = control
        self.tally = tally
        self.ledger = ledger
        publisher = folder.map {
            Publisher(folder: $0, settings: settings, ledger: ledger, tally: tally)
        }
        watch = RunWatch(control, maximumNanoseconds: settings.maximumNanoseconds)
        memory = ImageMemory(byteCount: settings.memoryByteCount)
        // Many icons or few photographs: deep enough that no thread waits for another to be
        // scheduled, and encoded images do not pile up. Each thread holds one more.
        found = BoundedQueue(capacity: 4 * settings.ioJobs + 64, producerCount: 1)
        fetched = BoundedQueue(
            capacity: 64 * settings.jobs, producerCount: settings.ioJobs,
            byteCapacity: Self.byteCapacity * settings.jobs, weighedBy: { $0.bytes.count })
        encoded = BoundedQueue(
            capacity: 64 * settings.jobs, producerCount: settings.jobs,
            consumerCount: settings.ioJobs, byteCapacity: Self.byteCapacity * settings.jobs,
            weighedBy: { $0.bytes.count })
    }

    /// Closes all queues at once, because the threads that should use them do not all exist.
    func close() {
        found.close()
        fetched.close()
        encoded.close()
        watch.end()
    }
}
