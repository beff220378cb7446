/// A run as one self-contained page of HTML: no script, no network, light and dark.
public struct Report: Sendable {
    private let data: ReportData

    /// Makes the report of this run.
    public init(_ data: ReportData) {
        self.data = data
    }

    /// The page, in UTF-8 once it is written.
    public var page: String {
        ReportPage(
            title: headline, heading: "\(headline)\(failures)", command: data.command,
            date: data.date,
            content: "\(verdict)\(SummaryTiles(data: data).html)\(sections)"
        ).text
    }

    private var headline: String {
        let converted = data.counts.converted
        return "\(Quantity.count(converted)) \(converted == 1 ? "image" : "images") converted in "
            + Quantity.duration(nanoseconds: data.wallNanoseconds)
    }

    private var failures: HTML {
        data.counts.failed == 0
            ? "" : ", <a href=\"#failed\">\(Quantity.count(data.counts.failed)) failed</a>"
    }

    private var verdict: HTML {
        guard let verdict = data.verdict else { return "" }
        let words = verdict.split(separator: " ").map { word -> HTML in
            word.hasPrefix("-") ? "<code>\(String(word))</code> " : "\(String(word)) "
        }
        return """
            <section class="verdict"><h2>What binds</h2><p>\(words)</p></section>
            """
    }

    private var sections: [HTML] {
        let history = data.history
        return [
            section("Where the time went", Report.stagesNote, stages),
            section(
                "Lanes over time", Report.laneNote,
                LaneTimeline(history: history, wallNanoseconds: data.wallNanoseconds).html),
            section(
                "Throughput over time",
                "Converted images, and the bytes that were read for them, when each image ended.",
                "\(rate(.images, "images/s", scale: 1))\(rate(.bytesIn, "MB/s", scale: 1e-6))"),
            section(
                "Time of an image", "How long images were in all their stages, without waits.",
                LatencyChart(latency: history.latency).html),
            section(
                "Slowest images", "",
                SlowestImages(images: history.slowest).html),
            section(
                "Failed images", id: "failed", "",
                FailedImages(images: history.failed, count: history.failedCount).html),
            section(
                "Runs of this ledger",
                "pixloom report --run with the first digits of a run makes its page.",
                RunTable(runs: data.runs, shown: data.shownRun).html),
            section("Settings", "", factList(data.settings)),
            section("Machine", "", factList(data.machine)),
        ]
    }

    private static let stagesNote = """
        The share of each stage in the time of all threads of its kind; what is missing to 100 % is \
        between the stages. MB/s are those of one thread while it is in the stage.
        """

    private static let laneNote = """
        What each lane did in each moment; gray is waiting, and an empty place is the time before or \
        after its work.
        """

    private var stages: HTML {
        data.profile.threads.isEmpty
            ? ""
            : "\(StageBars(profile: data.profile).html)\(StageTable(profile: data.profile).html)"
    }

    private func rate(_ channel: RunHistory.Channel, _ unit: String, scale: Double) -> HTML {
        RateChart(
            bins: data.history.ended, channel: channel, wallNanoseconds: data.wallNanoseconds,
            unit: unit, scale: scale
        ).html
    }

    /// A section with its heading; nothing if it has no content.
    private func section(
        _ title: String, id: String = "", _ note: String, _ content: HTML
    ) -> HTML {
        content.text.isEmpty
            ? ""
            : """
            <section\(id.isEmpty ? "" : " id=\"\(id)\"" as HTML)>
            <h2>\(title)</h2>
            \(note.isEmpty ? "" : "<p class=\"note\">\(note)</p>" as HTML)
            \(content)
            </section>
            """
    }
}
