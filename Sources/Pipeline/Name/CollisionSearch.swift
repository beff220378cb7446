internal import Images
internal import SystemCalls
internal import Transfer

/// Looks before the start for inputs that would be written to one output.
///
/// The first enumeration keeps eight bytes for each input: the hash of the output's path without
/// its extension. Where two are equal, which is rare, a second enumeration looks at just those
/// inputs, and into the first bytes of the files where the extension depends on them.
struct CollisionSearch {
    /// Two inputs and the path that both would have.
    struct Collision {
        var first: Source
        var second: Source
        var path: BytePath
    }

    /// What was found.
    struct Findings {
        /// The first collision in the order of enumeration.
        var collision: Collision?

        /// The hashes of all paths that more than one input would have.
        var pathHashes: Set<UInt64> = []

        /// The number of inputs.
        var count = 0

        /// Whether the name of some input's output is not known before its bytes are.
        var hasLateNames = false
    }

    private let template: OutputTemplate
    private let recipe: Recipe
    private let makeStream: () -> SourceStream

    init(
        template: OutputTemplate, recipe: Recipe, stream makeStream: @escaping () -> SourceStream
    ) {
        self.template = template
        self.recipe = recipe
        self.makeStream = makeStream
    }

    /// Enumerates the inputs once, and a second time if names may be equal.
    func run() -> Findings {
        var findings = Findings()
        findings.hasLateNames = template.needsResultSize
        var hashes: [UInt64] = []
        var stream = makeStream()
        while let found = stream.next() {
            findings.count += 1
            if recipe.format == nil, isLate(found.source) { findings.hasLateNames = true }
            hashes.append(hashWithoutExtension(found))
        }
        guard !template.needsResultSize else { return findings }
        let suspects = Self.repeated(&hashes)
        if !suspects.isEmpty { compare(suspects, &findings) }
        return findings
    }

    private func compare(_ suspects: Set<UInt64>, _ findings: inout Findings) {
        var paths: [BytePath: Source] = [:]
        var stream = makeStream()
        while let found = stream.next() {
            guard suspects.contains(hashWithoutExtension(found)),
                let format = outputFormat(of: found.source)
            else { continue }
            let path = self.path(found, fileExtension: { $0.fileExtension(for: format) })
            guard let first = paths.updateValue(found.source, forKey: path) else { continue }
            findings.pathHashes.insert(StableHash(path.bytes).value)
            if findings.collision == nil {
                findings.collision = Collision(first: first, second: found.source, path: path)
            }
        }
    }

    private func hashWithoutExtension(_ found: SourceStream.Found) -> UInt64 {
        StableHash(path(found, fileExtension: { _ in [] }).bytes).value
    }

    private func path(
        _ found: SourceStream.Found, fileExtension: (SourceName) -> [UInt8]
    ) -> BytePath {
        let name = SourceName(found.source)
        return template.path(
            for: name, index: found.index, fileExtension: fileExtension(name), size: nil)
    }

    private func isLate(_ source: Source) -> Bool {
        if case .file = source.place { false } else { true }
    }

    /// The format of the output, or nil where it is not known before the start or there will be
    /// no output.
    private func outputFormat(of source: Source) -> ImageFormat? {
        if let format = recipe.format { return format }
        guard case .file(let path) = source.place,
            let bytes = try? FileSource.firstBytes(of: path),
            let format = ImageFormat(firstBytes: bytes.span)
        else { return nil }
        return recipe.outputFormat(for: format)
    }

    private static func repeated(_ hashes: inout [UInt64]) -> Set<UInt64> {
        hashes.sort()
        return Set(zip(hashes, hashes.dropFirst()).filter { $0 == $1 }.map(\.0))
    }
}
