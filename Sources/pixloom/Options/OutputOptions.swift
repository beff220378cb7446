public import ArgumentParser
import Codecs
import Filters
import Images
import Pipeline
import SystemCalls
import Transfer

/// Where outputs go, and as what.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A folder, a template such as 'out/{dir}/{name}-small.{ext}' (also {width} {height} "
                + "{index} {hash}), a file for one input, or - for standard output.",
            valueName: "output"))
    var output: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("keep, png or jpeg; keep writes what it reads.", valueName: "format"))
    var format = FormatChoice.keep

    @Option(name: .shortAndLong, help: "The quality of lossy formats, 1 to 100.")
    var quality = 80

    @Option(help: ArgumentHelp("How JPEG stores colour: 420 or 444.", valueName: "chroma"))
    var chroma = EncodeOptions.ChromaSubsampling.halved

    @Option(help: "How much time a PNG may cost: fast, balanced or small.")
    var pngEffort = EncodeOptions.PNGEffort.balanced

    @Option(
        help: ArgumentHelp(
            "What alpha is laid over where the format has none: white, black or #RRGGBB.",
            valueName: "color"))
    var background = ColorArgument(.white)

    @Option(help: "What is carried over besides pixels: keep (ICC, EXIF, XMP), icc or none.")
    var metadata = MetadataPolicy.icc

    @Option(
        help: ArgumentHelp(
            "Outputs that exist: stale replaces ours that are out of date, never and always.",
            valueName: "policy"))
    var overwrite = OverwritePolicy.stale

    @Option(
        help: ArgumentHelp(
            "Where the record of what was made is kept "
                + "(default: .pixloom/ledger.ndjson in the output folder).",
            valueName: "file"))
    var ledger: String?

    @Flag(help: "Keep no ledger; then stale means never.")
    var noLedger = false

    @Option(
        help: ArgumentHelp(
            "When outputs are on disk: none, batch (many at once) or each.", valueName: "level"))
    var durability = Durability.batch

    @Option(help: "Two inputs for one output are an error, or both get a suffix.")
    var onCollision = CollisionPolicy.error

    func validate() throws {
        guard ledger == nil || !noLedger else {
            throw ValidationError("--ledger and --no-ledger exclude each other")
        }
        guard (1...100).contains(quality) else {
            throw ValidationError("--quality is \(quality): it must be 1 to 100")
        }
    }

    /// Where the ledger is.
    var ledgerPlace: LedgerPlace {
        if noLedger { return .none }
        return ledger.flatMap { BytePath($0) }.map { .file($0) } ?? .inOutputFolder
    }

    /// Where the outputs go.
    ///
    /// - Parameter inputs: What is converted: one file may be written under a name of its own.
    /// - Returns: The target that `-o` stands for.
    /// - Throws: ``Failure`` where `-o` does not fit the inputs.
    func makeTarget(for inputs: [Input]) throws -> OutputTarget {
        if output == "-" {
            guard inputs.count == 1, Self.isOneImage(inputs[0]) else {
                throw Failure("-o - takes one image, not several or a folder", .usage)
            }
            return .standardOutput
        }
        guard let path = BytePath(output), !path.isEmpty else {
            throw Failure("-o is empty", .usage)
        }
        if path.bytes.contains(UInt8(ascii: "{")) { return try template(path) }
        if fileFormat != nil, inputs.count == 1, Self.isOneImage(inputs[0]) {
            return .folder(path.parent, .fixed(path.lastComponent))
        }
        return .folder(path, .keepingTree)
    }

    /// The format that all outputs have, or nil if each keeps its own.
    func outputFormat(for target: OutputTarget) throws -> ImageFormat? {
        guard case .folder(_, let template) = target, template.isFixed, let fileFormat else {
            return format.format
        }
        if let chosen = format.format, chosen != fileFormat {
            throw Failure(
                "-f \(chosen.rawValue) and the name \(output) disagree; leave out -f", .usage)
        }
        return fileFormat
    }

    /// The format that the name of the output stands for.
    private var fileFormat: ImageFormat? {
        BytePath(output)?.fileExtension.flatMap { ImageFormat(fileExtension: $0.description) }
    }

    /// Splits a template behind the last slash before its first brace.
    private func template(_ path: BytePath) throws -> OutputTarget {
        let brace = path.bytes.firstIndex(of: UInt8(ascii: "{")) ?? 0
        let slash = path.bytes[..<brace].lastIndex(of: UInt8(ascii: "/"))
        let root = slash.map { BytePath(path.bytes[...$0]) ?? BytePath() } ?? BytePath()
        let rest = BytePath(path.bytes[(slash.map { $0 + 1 } ?? 0)...]) ?? BytePath()
        do {
            return .folder(root, try OutputTemplate(rest))
        } catch {
            throw Failure("-o \(output): \(error)", .usage)
        }
    }

    private static func isOneImage(_ input: Input) -> Bool {
        switch input {
        case .path(let path): (try? FileStatus(of: path).kind) != .folder
        case .url, .standardInput: true
        case .list: false
        }
    }
}

/// What `-f` takes.
enum FormatChoice: String, ExpressibleByArgument, CaseIterable {
    case keep
    case png
    case jpeg

    var format: ImageFormat? { ImageFormat(rawValue: rawValue) }
}

extension EncodeOptions.ChromaSubsampling: ExpressibleByArgument {}
extension EncodeOptions.PNGEffort: ExpressibleByArgument {}
extension MetadataPolicy: ExpressibleByArgument {}
extension OverwritePolicy: ExpressibleByArgument {}
extension Durability: ExpressibleByArgument {}
extension CollisionPolicy: ExpressibleByArgument {}
