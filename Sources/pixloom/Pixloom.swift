import ArgumentParser
import Codecs
import Transfer
import Workers

/// The command line; `convert` is meant where no command is named.
struct Pixloom: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pixloom",
        abstract: "Converts folders and lists of images.",
        version: versionText,
        subcommands: [Convert.self, Filters.self],
        defaultSubcommand: Convert.self)

    /// The forms of the command line, with the name of the program as the parser indents them.
    static let usage = """
        pixloom [convert] <input> ... -o <output> [<options>]
               pixloom filters [<name>]
        """

    /// The release, and the libraries that this build has.
    private static var versionText: String {
        let libraries =
            CodecTable.available.map(\.library) + [Downloader.libraryVersion].compactMap { $0 }
        return "pixloom \(Release.version)\n\(libraries.joined(separator: "\n"))"
    }
}
