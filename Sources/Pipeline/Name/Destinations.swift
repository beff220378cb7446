internal import Images
internal import Synchronization
public import SystemCalls

/// Where outputs go: below a folder, or to standard output.
public enum OutputTarget: Hashable, Sendable {
    /// Files below a folder, named by a template.
    case folder(BytePath, OutputTemplate)

    /// The one output goes to standard output.
    case standardOutput

    /// Outputs are made and not kept, to measure how long that takes.
    case discarded
}

/// What happens to two inputs that would be written to one output.
public enum CollisionPolicy: String, Hashable, Sendable, CaseIterable {
    /// It is an error, before the start where names are known then.
    case error

    /// The source's hash is added to both names.
    case suffix
}

/// The names of outputs, each given to one source only.
final class Destinations: Sendable {
    private let template: OutputTemplate
    private let recipe: Recipe
    private let suffixed: Set<UInt64>

    /// The hashes of names that are given away; nil where the names were compared before the start.
    private let claimed: Mutex<HashSet?>

    /// Makes the names of a run.
    ///
    /// - Parameters:
    ///   - template: How paths are made.
    ///   - recipe: Which formats the outputs have.
    ///   - suffixed: The hashes of paths that several sources would have; they get a suffix.
    ///   - areKnownApart: Whether names were compared before the start.
    init(
        template: OutputTemplate, recipe: Recipe, suffixed: Set<UInt64>, areKnownApart: Bool
    ) {
        self.template = template
        self.recipe = recipe
        self.suffixed = suffixed
        claimed = Mutex(areKnownApart ? nil : HashSet())
    }

    /// Whether a path can be made only when the size of the result is known.
    var needResultSize: Bool { template.needsResultSize }

    /// The path of the output for a source.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - index: Its position in the order of enumeration.
    ///   - format: The format of the output.
    ///   - size: The size of the result; needed only if ``needResultSize``.
    /// - Returns: A path below the output folder, not yet checked for what names may be.
    func path(
        for source: Source, index: Int, format: ImageFormat, size: ImageSize?
    ) -> BytePath {
        let name = SourceName(source)
        let path = template.path(
            for: name, index: index, fileExtension: name.fileExtension(for: format), size: size)
        guard suffixed.contains(StableHash(path.bytes).value) else { return path }
        let ending = path.fileExtension.map { [UInt8(ascii: ".")] + $0.bytes } ?? []
        let start = path.bytes.dropLast(ending.count)
        return BytePath(start + Array("-\(name.hash.hexadecimal)".utf8) + ending) ?? path
    }

    /// Gives a path away.
    ///
    /// - Returns: False if another source has it already.
    func claim(_ path: BytePath) -> Bool {
        claimed.withLock { $0?.insert(StableHash(path.bytes).value) ?? true }
    }
}
