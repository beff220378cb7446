public import SystemCalls

/// Where one image comes from.
public struct Source: Hashable, Sendable {
    /// The kinds of places.
    public enum Place: Hashable, Sendable {
        /// A file of this machine.
        case file(BytePath)

        /// An address that is downloaded.
        case url(String)

        /// The bytes of standard input.
        case standardInput
    }

    /// Where the bytes are.
    public let place: Place

    /// What the source is called within its input: the path below the folder that was given, the
    /// path or URL that was given itself, or `stdin`.
    ///
    /// Shards and `{hash}` depend on it alone, so they do not change with the place of the folder.
    public let name: BytePath

    /// The folder below the folder that was given; empty for anything else.
    public let folder: BytePath

    /// Whether it was come across in a folder, where a file that is no image is no failure.
    public let isFoundInFolder: Bool

    /// A file that was named by itself or in a list.
    public static func named(_ path: BytePath) -> Source {
        Source(place: .file(path), name: path, folder: BytePath(), isFoundInFolder: false)
    }

    /// A file at `path` below the folder `root`.
    public static func found(_ path: BytePath, in root: BytePath) -> Source {
        Source(
            place: .file(root.appending(path)), name: path, folder: path.parent,
            isFoundInFolder: true)
    }

    /// An address.
    public static func url(_ url: String) -> Source {
        Source(
            place: .url(url), name: BytePath(url) ?? BytePath(), folder: BytePath(),
            isFoundInFolder: false)
    }

    /// Standard input.
    public static let standardInput = Source(
        place: .standardInput, name: "stdin", folder: BytePath(), isFoundInFolder: false)

    /// The path or URL as messages and reports show it.
    public var displayName: String {
        switch place {
        case .file(let path): path.description
        case .url: name.description
        case .standardInput: "standard input"
        }
    }
}
