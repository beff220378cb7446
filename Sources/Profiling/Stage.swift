/// What a thread of the pipeline is doing: one step of an image's way, or a wait between steps.
///
/// At any moment a thread is in at most one stage, so the stages of a thread add up to its time.
public enum Stage: UInt8, CaseIterable, Sendable {
    /// Encoded bytes come in from a file or a server.
    case fetch

    /// Encoded bytes become pixels.
    case decode

    /// Pixels become other pixels; in a child process, only its own time in the filters.
    case filter

    /// Pixels become encoded bytes.
    case encode

    /// Encoded bytes go out to the destination.
    case store

    /// A lane has no image: the queue of fetched images is empty.
    case waitForFetched

    /// A lane has an image for which the memory budget has no room yet.
    case waitForMemory

    /// A lane waits for its child beyond the child's own time in the filters: spawn, handshake and
    /// the way of the messages.
    case waitForWorker

    /// A lane has an encoded image and the queue to the store is full.
    case waitForStore

    /// An I/O thread has nothing to fetch: the inputs are still being found.
    case waitForSource

    /// An I/O thread has a fetched image and the queue to the lanes is full.
    case waitForLane

    /// An I/O thread has nothing to store.
    case waitForEncoded

    /// The stages that do work, in the order of an image's way.
    public static let work: [Stage] = [.fetch, .decode, .filter, .encode, .store]

    /// Whether the thread only waits for another one.
    public var isWait: Bool { rawValue > Stage.store.rawValue }

    /// Whether lanes are in this stage; I/O threads otherwise.
    public var isOfLane: Bool {
        switch self {
        case .decode, .filter, .encode: true
        case .waitForFetched, .waitForMemory, .waitForWorker, .waitForStore: true
        case .fetch, .store, .waitForSource, .waitForLane, .waitForEncoded: false
        }
    }

    /// The name in tables and reports, as in `wait for worker`.
    public var name: String {
        switch self {
        case .fetch: "fetch"
        case .decode: "decode"
        case .filter: "filter"
        case .encode: "encode"
        case .store: "store"
        case .waitForFetched: "wait for fetched"
        case .waitForMemory: "wait for memory"
        case .waitForWorker: "wait for worker"
        case .waitForStore: "wait for store"
        case .waitForSource: "wait for source"
        case .waitForLane: "wait for lane"
        case .waitForEncoded: "wait for encoded"
        }
    }

    /// The key in JSON, in camel case as all keys are, as in `waitForWorker`.
    public var jsonName: String { Self.jsonNames[Int(rawValue)] }

    /// Asked for once, since it is slow and each image's line has several.
    private static let jsonNames = allCases.map { String(describing: $0) }

    /// The stage with this key in JSON.
    public init?(jsonName: some StringProtocol) {
        guard let stage = Stage.allCases.first(where: { $0.jsonName == jsonName }) else {
            return nil
        }
        self = stage
    }
}

/// The kinds of threads that record stages.
public enum ThreadRole: UInt8, CaseIterable, Sendable {
    /// Takes images from encoded bytes to encoded bytes.
    case lane

    /// Fetches, and stores too where no thread of its own does.
    case io

    /// Only stores.
    case storer

    /// The name of one such thread without its number, as in `fetch`.
    public var threadName: String {
        switch self {
        case .lane: "lane"
        case .io: "fetch"
        case .storer: "store"
        }
    }

    /// The name for `count` such threads, as in `4 I/O threads`.
    public func name(count: Int) -> String {
        switch self {
        case .lane: count == 1 ? "lane" : "lanes"
        case .io: count == 1 ? "I/O thread" : "I/O threads"
        case .storer: count == 1 ? "store thread" : "store threads"
        }
    }
}
