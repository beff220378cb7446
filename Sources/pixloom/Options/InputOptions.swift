import ArgumentParser
import Pipeline
import SystemCalls
import Transfer

/// Which images are converted.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Files, folders (with all that is below them), http and https addresses, "
                + "or - for one image on standard input.",
            valueName: "input"))
    var inputs: [BytePath] = []

    @Option(
        help: ArgumentHelp(
            "Read inputs from a file, one path or URL a line; - is standard input.",
            valueName: "file"))
    var filesFrom: [BytePath] = []

    @Flag(name: .customShort("0"), help: "Lines of --files-from end in NUL, not in a line feed.")
    var nulSeparated = false

    @Option(
        help: ArgumentHelp(
            "Of the files in folders, only those whose path below the folder matches.",
            valueName: "glob"))
    var include: [String] = []

    @Option(help: ArgumentHelp("Leave out files whose path matches.", valueName: "glob"))
    var exclude: [String] = []

    @Flag(help: "Look at files and folders whose names begin with a dot.")
    var hidden = false

    @Flag(help: "Follow symbolic links in folders.")
    var follow = false

    @Option(
        help: ArgumentHelp(
            "Only the inputs whose name falls to part I of N, I from 0.", valueName: "i/n"),
        transform: ShardArgument.read)
    var shard: ShardArgument?

    /// The inputs in order, those of lists last.
    func makeInputs() throws -> [Input] {
        guard !nulSeparated || !filesFrom.isEmpty else {
            throw Failure("-0 belongs to --files-from, which is missing", .usage)
        }
        let separator: ListFile.Separator = nulSeparated ? .nul : .newline
        let named = try inputs.map { argument in
            guard let input = Input(argument: argument) else {
                throw Failure("an input is empty", .usage)
            }
            return input
        }
        let all =
            named
            + filesFrom.map { name in
                .list(name == "-" ? nil : name, separator: separator)
            }
        guard !all.isEmpty else {
            throw Failure("no input: name files, folders, URLs, or --files-from", .usage)
        }
        let readers = all.count { $0 == .standardInput || $0 == .list(nil, separator: separator) }
        guard readers <= 1 else {
            throw Failure("standard input can be read only once", .usage)
        }
        return all
    }

    var findOptions: FindOptions {
        var options = FindOptions()
        options.includesHidden = hidden
        options.followsLinks = follow
        options.include = include.map(NamePattern.init)
        options.exclude = exclude.map(NamePattern.init)
        options.shard = shard.flatMap { Shard(index: $0.index, count: $0.count) }
        return options
    }
}
