internal import Profiling
internal import Transfer

/// What the threads of one run share.
struct RunParts: Sendable {
    let settings: RunSettings
    let recipe: Recipe
    let destinations: Destinations

    /// The folder of the outputs; nil where the one output goes to standard output.
    let folder: OutputFolder?

    let control: RunControl
    let tally: Tally
    let ledger: Ledger?

    /// Gives outputs their names; nil where the one output goes to standard output.
    let publisher: Publisher?

    let budget: MemoryBudget
    let watch: RunWatch

    /// Takes every single span; nil where only sums are wanted.
    let sink: (any SpanSink)?

    let found: BoundedQueue<ImageOutcome>
    let fetched: BoundedQueue<ImageInFlight>
    let encoded: BoundedQueue<ImageInFlight>

    init(
        settings: RunSettings, recipe: Recipe, destinations: Destinations, folder: OutputFolder?,
        control: RunControl, tally: Tally, ledger: Ledger?, sink: (any SpanSink)?
    ) {
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
        budget = MemoryBudget(byteCount: settings.memoryByteCount)
        // Deep enough that no thread waits for another to be scheduled, and small enough that
        // encoded images do not pile up: sources are found much faster than anything else.
        found = BoundedQueue(capacity: 4 * settings.ioJobs + 64, producerCount: 1)
        fetched = BoundedQueue(
            capacity: 2 * settings.jobs + settings.ioJobs, producerCount: settings.ioJobs)
        encoded = BoundedQueue(
            capacity: 2 * settings.jobs + settings.ioJobs, producerCount: settings.jobs)
    }

    /// Closes all queues at once, because the threads that should use them do not all exist.
    func close() {
        found.close()
        fetched.close()
        encoded.close()
        watch.end()
    }
}
