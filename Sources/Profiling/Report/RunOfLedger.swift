/// One of the runs that a ledger tells of.
public struct RunOfLedger: Sendable {
    /// What tells it from the others: 16 digits; empty for lines that name no run.
    public let id: String

    /// When it began, in seconds since 1970; `nil` if that is not known.
    public private(set) var began: Int?

    /// The images that it made.
    public internal(set) var convertedCount = 0

    /// The images that failed in it.
    public internal(set) var failedCount = 0

    /// How it worked, by name.
    let settings: [ReportData.Fact]

    /// Reads the line of a run, or any line that names one.
    init(id: String, _ line: JSONValue) {
        self.id = id
        guard line["source"] == nil else {
            settings = []
            return
        }
        began = line["began"]?.integer
        settings = [ReportData.Fact](of: line)
    }
}

/// A ledger's runs, where it tells of several; the page is of one of them.
struct RunTable {
    let runs: [RunOfLedger]
    let shown: String

    /// The last ones: an output folder may see a run a day for years.
    private static let capacity = 50

    var html: HTML {
        guard runs.count > 1 else { return "" }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="Runs"><table>
            <thead><tr><th>run</th><th>began</th><th>converted</th><th>failed</th></tr></thead>
            <tbody>
            \(runs.suffix(RunTable.capacity).reversed().map(row))
            </tbody></table></div>
            """
    }

    private func row(_ run: RunOfLedger) -> HTML {
        let name = run.id.isEmpty ? "not named" : run.id
        return """
            <tr><th scope="row">\(run.id == shown ? "<b>\(name)</b>, this page" as HTML : "\(name)")</th>\
            <td>\(run.began.map(Quantity.date) ?? "–")</td>\
            <td>\(Quantity.count(run.convertedCount))</td><td>\(Quantity.count(run.failedCount))</td></tr>
            """
    }
}

extension [ReportData.Fact] {
    /// The settings of a run, from its line in a ledger or its summary in JSON.
    init(of line: JSONValue) {
        let keys = [
            ("mode", "mode"), ("lanes", "jobs"), ("I/O threads", "ioJobs"), ("machine", "host"),
            ("version", "version"),
        ]
        self = keys.compactMap { name, key in
            let text = line[key]?.string ?? line[key]?.integer.map { "\($0)" }
            return text.map { .init(name, $0) }
        }
    }
}
