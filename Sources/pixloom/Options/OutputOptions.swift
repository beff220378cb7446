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
                + "{index} {hash}), a file for one input, or - for standard output; a file or a "
                + "template that ends in .jpg or so makes that format.",
            valueName: "output"))
    var output: BytePath?

    @OptionGroup
    var encoding: EncodingOptions

    @Option(
        help: ArgumentHelp(
            "Which outputs that exist are replaced: stale is ours that are out of date.",
            valueName: "policy"))
    var overwrite = OverwritePolicy.stale

    @Option(
        help: ArgumentHelp(
            "Where the record of what was made is kept "
                + "(default: .pixloom/ledger.ndjson in the output folder).",
            valueName: "file"))
    var ledger: BytePath?

    @Flag(help: "Keep no ledger; then stale means never.")
    var noLedger = false

    @Option(
        help: ArgumentHelp(
            "When outputs are synced to the disk: batch is many at once.", valueName: "level"))
    var durability = Durability.batch

    @Option(
        help: ArgumentHelp(
            "Two inputs for one output are an error, or both get a suffix.", valueName: "policy"))
    var onCollision = CollisionPolicy.error

    func validate() throws {
        guard ledger == nil || !noLedger else {
            throw ValidationError("--ledger and --no-ledger exclude each other")
        }
    }

    /// Says how a run treats its outputs.
    func apply(to settings: inout RunSettings) {
        settings.overwrite = overwrite
        settings.durability = durability
        settings.ledger = ledgerPlace
        settings.onCollision = onCollision
    }

    /// Where the ledger is.
    var ledgerPlace: LedgerPlace {
        if noLedger { return .none }
        return ledger.map { .file($0) } ?? .inOutputFolder
    }

    /// Where the outputs go.
    ///
    /// - Parameter inputs: What is converted: one file may be written under a name of its own.
    /// - Returns: The target that `-o` stands for.
    /// - Throws: ``Failure`` where `-o` does not fit the inputs.
    func makeTarget(for inputs: [Input]) throws -> OutputTarget {
        guard let output else {
            throw Failure("no output: name a folder, a file or a template with -o", .usage)
        }
        let isOneImage = inputs.count == 1 && Self.isOneImage(inputs[0])
        if output == "-" {
            guard isOneImage else {
                throw Failure("-o - takes one image, not several or a folder", .usage)
            }
            return .standardOutput
        }
        guard !output.isEmpty else { throw Failure("-o is empty", .usage) }
        if output.bytes.contains(UInt8(ascii: "{")) { return try template(output) }
        guard fileFormat != nil, !Self.isFolder(output) else {
            if isOneImage, let format = foreignFormat, !Self.isFolder(output) {
                throw Failure(
                    "cannot write \(format): -o \(output) may end in png, jpg, webp or tif", .usage)
            }
            return .folder(output, .keepingTree)
        }
        guard isOneImage else {
            throw Failure(
                "-o \(output) names one file, and the inputs may be several images; "
                    + "name a folder or a template", .usage)
        }
        return .folder(output.parent, .fixed(output.lastComponent))
    }

    /// The format that all outputs have, or nil if each keeps its own.
    func outputFormat(for target: OutputTarget) throws -> ImageFormat? {
        var chosen = encoding.format.format
        if case .folder(_, let template) = target, template != .keepingTree, let fileFormat {
            guard chosen == nil || chosen == fileFormat else {
                throw Failure(
                    "-f \(encoding.format.rawValue) and the name \(output ?? "") disagree; leave out -f",
                    .usage)
            }
            chosen = fileFormat
        }
        if let chosen { try Self.checkWritable(chosen) }
        return chosen
    }

    private static func checkWritable(_ format: ImageFormat) throws {
        do {
            guard try CodecTable.codec(for: format).formatToEncode(.rgb8) == nil else { return }
        } catch {
            throw Failure("cannot write \(format.rawValue): \(error)", .usage)
        }
        throw Failure("cannot write \(format.rawValue): it is only read", .usage)
    }

    /// The format that the name of the output stands for.
    private var fileFormat: ImageFormat? {
        output?.fileExtension.flatMap { ImageFormat(fileExtension: $0.description) }
    }

    /// The extension of the output if other programs write such files: nobody means a folder by it.
    private var foreignFormat: String? {
        let formats = [
            "avif", "bmp", "exr", "hdr", "heic", "heif", "ico", "jp2", "jxl", "pbm", "pdf", "pgm",
            "pnm", "ppm", "svg", "tga",
        ]
        return output?.fileExtension.map { $0.description.lowercased() }
            .flatMap { formats.contains($0) ? $0 : nil }
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
            throw Failure("-o \(path): \(error)", .usage)
        }
    }

    private static func isFolder(_ path: BytePath) -> Bool {
        (try? FileStatus(of: path).kind) == .folder
    }

    private static func isOneImage(_ input: Input) -> Bool {
        switch input {
        case .path(let path): !isFolder(path)
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
    case webp
    case tiff

    var format: ImageFormat? { ImageFormat(rawValue: rawValue) }

    /// Takes any extension of a format too, such as jpg.
    init?(argument: String) {
        self.init(rawValue: ImageFormat(fileExtension: argument)?.rawValue ?? argument)
    }
}

extension EncodeOptions.ChromaSubsampling: ExpressibleByArgument {}
extension EncodeOptions.PNGEffort: ExpressibleByArgument {}
extension MetadataPolicy: ExpressibleByArgument {}
extension OverwritePolicy: ExpressibleByArgument {}
extension Durability: ExpressibleByArgument {}
extension CollisionPolicy: ExpressibleByArgument {}
