/// Makes a report's data of the lines that a run wrote: a ledger, or what `--json` printed.
///
/// Each line is an object. Those with `source` and `status` are images; one with `summary` is the
/// end of a run. Everything else, keys that are not known and lines that were cut off included, is
/// passed over: a ledger may be of a later release or of a run that was killed.
///
/// A ledger tells of all runs into its folder, whose times each begin with 0. The data is that of one
/// of them.
public struct LedgerReader: Sendable {
    /// The runs, in the order in which they are first named.
    public private(set) var runs: [RunOfLedger] = []

    private let wanted: String?
    private var indices: [String: Int] = [:]
    private var shown: Int?

    private var counts = OutcomeCounts()
    private var history = RunHistory()
    private var laneEnds: [Int64] = []
    private var end: Int64 = 0
    private var summary: JSONValue?

    /// The lines that are no JSON, as the last one of a run that was killed.
    public private(set) var brokenLineCount = 0

    /// The lines that told of an image.
    public private(set) var imageCount = 0

    private static let laneCapacity = 1024

    // What no image reaches: 13 days and 1 TiB. A line may say anything, and sums must not overflow.
    private static let longestStage: Int64 = 1 << 50
    private static let largestByteCount: Int64 = 1 << 40

    /// Begins with no lines.
    ///
    /// - Parameter run: The first digits of the run that is wanted; `nil` for the last one.
    public init(run: String? = nil) {
        wanted = run
    }

    /// Whether a line told of the run that is wanted.
    public var hasFoundRun: Bool { shown != nil }

    /// Adds a line, without its line feed.
    public mutating func add(_ line: ArraySlice<UInt8>) {
        guard !line.isEmpty else { return }
        guard let value = JSONValue(parsing: line) else {
            brokenLineCount += 1
            return
        }
        if let summary = value["summary"] {
            self.summary = summary
        } else if let run = value["run"]?.string, value["source"] == nil, value["status"] == nil {
            begin(run, value)
        } else if let source = value["source"]?.string, let status = value["status"]?.string {
            add(value, source: source, status: status)
        }
    }

    /// What the lines tell of the run.
    ///
    /// - Parameter command: What made the lines, for the head of the page.
    /// - Returns: The data, in which nothing is that the lines do not tell.
    public func data(command: String) -> ReportData {
        var data = ReportData(command: command, counts: counts, wallNanoseconds: end)
        data.history = history
        data.runs = runs
        if let shown {
            data.shownRun = runs[shown].id
            data.date = runs[shown].began.map(Quantity.date) ?? ""
            data.settings = runs[shown].settings
        }
        guard let summary else { return data }
        if let seconds = summary["wallSeconds"]?.number {
            data.wallNanoseconds = Self.nanoseconds(seconds)
        }
        data.processorNanoseconds = summary["cpuSeconds"]?.number.map(Self.nanoseconds)
        data.peakMemoryByteCount = summary["peakMemoryBytes"]?.integer.map(Int64.init)
        data.settings = [ReportData.Fact](of: summary)
        return data
    }

    /// The index of a run, which is shown from its first line on if it is wanted.
    @discardableResult
    private mutating func begin(_ id: String, _ line: JSONValue) -> Int {
        if let index = indices[id] { return index }
        let index = runs.count
        indices[id] = index
        runs.append(RunOfLedger(id: id, line))
        guard wanted.map(id.hasPrefix) ?? true else { return index }
        shown = index
        counts = OutcomeCounts()
        history = RunHistory()
        laneEnds = []
        end = 0
        return index
    }

    private mutating func add(_ value: JSONValue, source: String, status: String) {
        imageCount += 1
        let run = begin(value["run"]?.string ?? "", value)
        runs[run].convertedCount += status == "converted" ? 1 : 0
        runs[run].failedCount += status == "failed" ? 1 : 0
        guard run == shown else { return }
        switch status {
        case "converted": counts.converted += 1
        case "failed": counts.failed += 1
        case "up-to-date": return counts.upToDate += 1
        default: return counts.skipped += 1
        }
        var image = ReportedImage(source: source)
        for stage in Stage.allCases {
            if let time = value["stages"]?[stage.jsonName]?.integer, time > 0 {
                image.stages.append((stage, min(Int64(time), Self.longestStage)))
            }
        }
        image.byteCountIn = Self.byteCount(value["bytesIn"])
        image.byteCountOut = Self.byteCount(value["bytesOut"])
        image.attempts = value["attempts"]?.integer ?? 1
        if let width = value["sourceWidth"]?.integer, let height = value["sourceHeight"]?.integer {
            image.size = "\(width)×\(height)"
        }
        if status == "failed" {
            let error = value["error"]
            image.failure =
                error?["message"]?.string ?? error?["kind"]?.string ?? "the ledger has no reason"
        }
        let start = value["start"]?.number.map(Self.nanoseconds) ?? end
        place(image, start: start, lane: value["lane"]?.integer)
    }

    /// Puts an image into the history.
    ///
    /// Its lane took it after its fetch, and not before the image that the lane had before: how long
    /// it lay between is not told.
    private mutating func place(_ image: ReportedImage, start: Int64, lane: Int?) {
        var moment = start &+ nanoseconds(of: image) { $0 == .fetch }
        if let lane, (0..<Self.laneCapacity).contains(lane) {
            while laneEnds.count <= lane {
                history.addLane(named: "lane \(laneEnds.count)")
                laneEnds.append(0)
            }
            moment = max(moment, laneEnds[lane])
            history.addStages(of: image, lane: lane, from: moment)
            moment = moment &+ nanoseconds(of: image, where: \.isOfLane)
            laneEnds[lane] = moment
        } else {
            moment = moment &+ nanoseconds(of: image, where: \.isOfLane)
        }
        moment = moment &+ nanoseconds(of: image) { $0 == .store }
        var worked = image
        worked.stages = image.stages.filter { !$0.stage.isWait }
        history.add(worked, endedAt: moment)
        end = max(end, moment)
    }

    private func nanoseconds(
        of image: ReportedImage, where isCounted: (Stage) -> Bool
    ) -> Int64 {
        image.stages.reduce(0) { isCounted($1.stage) ? $0 &+ $1.nanoseconds : $0 }
    }

    private static func byteCount(_ value: JSONValue?) -> Int64 {
        min(max(Int64(value?.integer ?? 0), 0), largestByteCount)
    }

    /// Seconds from a file, which may be anything.
    private static func nanoseconds(_ seconds: Double) -> Int64 {
        Int64(exactly: (seconds * 1e9).rounded()).map { min(max($0, 0), 1 << 62) } ?? 0
    }
}
