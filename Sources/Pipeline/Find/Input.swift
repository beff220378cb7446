public import SystemCalls
public import Transfer

/// One input as it was given.
public enum Input: Hashable, Sendable {
    /// A file, or a folder with everything below it.
    case path(BytePath)

    /// An address that is downloaded.
    case url(String)

    /// One image from standard input.
    case standardInput

    /// A file that names one path or URL a line; nil is standard input.
    case list(BytePath?, separator: ListFile.Separator)

    /// Tells addresses from paths, and `-` from both; nil if there is no byte.
    public init?(argument: BytePath) {
        let text = String(decoding: argument.bytes, as: UTF8.self)
        if argument.isEmpty { return nil }
        if argument == "-" {
            self = .standardInput
        } else {
            self = Self.isURL(text) ? .url(text) : .path(argument)
        }
    }

    /// Whether a text begins with a scheme and `//`, as in `ftp://…`.
    static func isURL(_ text: some StringProtocol) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = text.utf8[..<colon]
        return !scheme.isEmpty && text.utf8[colon...].starts(with: "://".utf8)
            && scheme.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 }
    }

    /// The input as messages show it.
    var displayName: String {
        switch self {
        case .path(let path), .list(let path?, _): path.description
        case .url(let url): url
        case .standardInput, .list(nil, _): "standard input"
        }
    }

    /// Whether it can be enumerated twice with the same result.
    var isRepeatable: Bool {
        switch self {
        case .path, .url: true
        case .standardInput, .list(nil, _): false
        // A list may come through a fifo, as from `<(find …)` in a shell. One that is missing is an
        // error whenever it is read.
        case .list(let path?, _): (try? FileStatus(of: path).kind == .file) ?? true
        }
    }
}

/// Which of the files in folders and lists count.
public struct FindOptions: Hashable, Sendable {
    /// Whether files and folders whose names begin with a dot count.
    public var includesHidden = false

    /// Whether symbolic links are followed in folders.
    public var followsLinks = false

    /// Of the files in folders only those that match one of these count; all if there is none.
    public var include: [NamePattern] = []

    /// Files in folders that match one of these do not count.
    public var exclude: [NamePattern] = []

    /// The part of the inputs that this run converts.
    public var shard: Shard?

    /// Makes options that leave out hidden files only.
    public init() {}
}
