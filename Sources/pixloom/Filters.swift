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
            let width = FilterTable.all.map(\.name.count).max() ?? 0
            for filter in FilterTable.all {
                let padding = String(repeating: " ", count: width - filter.name.count)
                Terminal.writeOutput("\(filter.name)\(padding)  \(filter.summary)")
            }
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
        var lines = ["\(name): \(summary)", "", "  --filter '\(usage)'", ""]
        for parameter in parameters {
            let fallback = parameter.defaultValue.map { " (default \($0))" } ?? ""
            lines.append(
                "  \(parameter.name)  \(parameter.meaning): \(parameter.allowed)\(fallback)")
        }
        if !parameters.isEmpty { lines.append("") }
        return lines + ["example: --filter '\(example)'"]
    }
}
