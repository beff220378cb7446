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
        subcommands: [Convert.self, Compare.self, Filters.self, ReportCommand.self, Doctor.self],
        defaultSubcommand: Convert.self)

    /// The forms of the command line, one a line.
    static let usage = """
        pixloom [convert] <input> ... -o <output> [<options>]
        pixloom compare <input> ... [<options>]
        pixloom filters [<name>]
        pixloom report <ledger> -o <file.html>
        pixloom doctor
        """

    /// The release, and the libraries that this build has.
    private static var versionText: String {
        let libraries =
            CodecTable.available.map(\.library)
            + [ColorManagement.library, Downloader.libraryVersion].compactMap { $0 }
        return "pixloom \(Release.version)\n\(libraries.joined(separator: "\n"))"
    }
}
