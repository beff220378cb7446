import ArgumentParser
import Filters

/// Lists the filters, or explains one, from the table that also parses them.
struct Filters: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What each filter does and takes.")

    @Argument(help: "The filter to explain; all are listed without it.")
    var name: String?

    func run() throws {
        guard let name else {
            let rows = FilterTable.all.map { ($0.name, $0.summary) }
            for line in Columns.lines(rows) { Terminal.writeOutput(line) }
            return
        }
        guard let filter = FilterTable.definition(named: name) else {
            throw Failure("unknown filter '\(name)'; 'pixloom filters' lists them", .usage)
        }
        for line in filter.explanation { Terminal.writeOutput(line) }
    }
}

extension FilterDefinition {
    /// What a person needs to use the filter: its form, parameters and an example.
    var explanation: [String] {
        let rows = parameters.map { parameter in
            let fallback = parameter.defaultValue.map { " (default \($0))" } ?? ""
            return (parameter.name, "\(parameter.meaning): \(parameter.allowed)\(fallback)")
        }
        return ["\(name): \(summary)", "", "  --filter '\(usage)'", ""]
            + Columns.lines(rows, indent: 2) + (rows.isEmpty ? [] : [""])
            + ["example: --filter '\(example)'"]
    }
}
