internal import Images
public import SystemCalls

/// How the path of an output below the output folder is made from its source.
///
/// Written as in `{dir}/{name}-small.{ext}`; everything outside braces stays as it is.
public struct OutputTemplate: Hashable, Sendable {
    /// What braces may hold.
    public enum Field: String, Hashable, Sendable, CaseIterable {
        /// The source's folder below the folder that was given.
        case dir
        /// The source's name without its extension.
        case name
        /// The source's extension where it stands for the output's format, or that of the format.
        case ext
        /// The width of the result in pixels.
        case width
        /// The height of the result in pixels.
        case height
        /// The position in the order of enumeration, from 0.
        case index
        /// 16 hexadecimal digits that depend on the source's name alone.
        case hash
    }

    private enum Part: Hashable {
        case literal([UInt8])
        case field(Field)
    }

    private let parts: [Part]

    /// The template that keeps the folder tree and the names.
    public static let keepingTree = OutputTemplate(
        parts: [.field(.dir), .literal([0x2F]), .field(.name), .literal([0x2E]), .field(.ext)])

    /// A template that always gives the same path.
    public static func fixed(_ path: BytePath) -> OutputTemplate {
        OutputTemplate(parts: [.literal(path.bytes)])
    }

    private init(parts: [Part]) {
        self.parts = parts
    }

    /// Reads a template.
    ///
    /// - Throws: ``UnknownField`` for braces that hold something else or do not end.
    public init(_ path: BytePath) throws(UnknownField) {
        var parts: [Part] = []
        var rest = path.bytes[...]
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            if brace > rest.startIndex { parts.append(.literal(Array(rest[..<brace]))) }
            let inside = rest[(brace + 1)...]
            let end = inside.firstIndex(of: UInt8(ascii: "}")) ?? inside.endIndex
            let name = String(decoding: inside[..<end], as: UTF8.self)
            guard end < inside.endIndex, let field = Field(rawValue: name) else {
                throw UnknownField(name: name)
            }
            parts.append(.field(field))
            rest = inside[(end + 1)...]
        }
        if !rest.isEmpty { parts.append(.literal(Array(rest))) }
        self.parts = parts
    }

    /// A field that templates do not have.
    public struct UnknownField: Error, Hashable, CustomStringConvertible {
        /// What the braces hold.
        public let name: String

        /// The clause after the name of the option.
        public var description: String {
            let known = Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
            return "{\(name)} is no field of a template; there are \(known)"
        }
    }

    /// Whether the path can be made only when the result is known.
    var needsResultSize: Bool {
        parts.contains(.field(.width)) || parts.contains(.field(.height))
    }

    /// Whether all sources give one path.
    public var isFixed: Bool {
        parts.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    /// The path for a source.
    ///
    /// - Parameters:
    ///   - name: What the source is called.
    ///   - index: Its position in the order of enumeration.
    ///   - fileExtension: What `{ext}` stands for.
    ///   - size: The size of the result, if it is known.
    /// - Returns: A relative path without empty components, not yet checked for what names may be.
    func path(
        for name: SourceName, index: Int, fileExtension: [UInt8], size: ImageSize?
    ) -> BytePath {
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let literal): bytes += literal
            case .field(.dir): bytes += name.folder
            case .field(.name): bytes += name.stem
            case .field(.ext): bytes += fileExtension
            case .field(.width): bytes += (size?.width.description ?? "").utf8
            case .field(.height): bytes += (size?.height.description ?? "").utf8
            case .field(.index): bytes += index.description.utf8
            case .field(.hash): bytes += name.hash.hexadecimal.utf8
            }
        }
        // `{dir}` is empty for what lies in the folder itself.
        let slash = UInt8(ascii: "/")
        return BytePath(bytes.split(separator: slash).joined(separator: [slash])) ?? BytePath()
    }
}
