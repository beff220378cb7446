/// The name of a file or folder: the bytes that the kernel sees, none of them NUL.
///
/// Linux gives names no encoding, so a path is kept as bytes from the folder that was read to the
/// call that opens the file, and becomes text only where a person or a JSON file reads it. A path
/// is not normalised: "a//b", "a/../b" and "./a" stay as they are.
///
/// The empty path stands for the folder that a relative path begins in.
public struct BytePath: Hashable, Sendable {
    /// The bytes of the path, without a NUL at the end.
    public let bytes: [UInt8]

    /// The empty path.
    public init() {
        bytes = []
    }

    // Inlinable, as `withCString` is, because a generic call between modules looks up types at run
    // time: with a few for each file that was 3 % of the CPU time of a run on icons.

    /// Adopts the bytes of a path; nil if one of them is NUL, where the kernel would stop reading.
    @inlinable
    public init?(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard !bytes.contains(0) else { return nil }
        self.bytes = bytes
    }

    /// Takes the UTF-8 of a string; nil if it contains a NUL.
    public init?(_ string: String) {
        self.init(string.utf8)
    }

    /// For parts of a path, which can't contain a NUL.
    private init(part: ArraySlice<UInt8>) {
        bytes = Array(part)
    }

    /// Whether there is no byte.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Whether the path begins at the root.
    public var isAbsolute: Bool { bytes.first == .slash }

    /// The path of `other` within this folder; `other` itself if it is absolute or this path is
    /// empty.
    public func appending(_ other: BytePath) -> BytePath {
        if bytes.isEmpty || other.isAbsolute { return other }
        if other.isEmpty { return self }
        let separator = bytes.last == .slash ? [] : [UInt8.slash]
        return BytePath(part: (bytes + separator + other.bytes)[...])
    }

    /// The names between the slashes, without empty ones.
    public var components: [BytePath] {
        bytes.split(separator: .slash).map(BytePath.init(part:))
    }

    /// The name after the last slash, where slashes at the end do not count; empty for "/".
    public var lastComponent: BytePath {
        let trimmed = bytesWithoutTrailingSlashes
        let start = trimmed.lastIndex(of: .slash).map { $0 + 1 } ?? trimmed.startIndex
        return BytePath(part: trimmed[start...])
    }

    /// The folder that holds the last component: "a" for "a/b", empty for "a", "/" for "/a".
    public var parent: BytePath {
        let trimmed = bytesWithoutTrailingSlashes
        guard let slash = trimmed.lastIndex(of: .slash) else {
            return isAbsolute ? BytePath(part: bytes.prefix(1)) : BytePath()
        }
        let end = trimmed[..<slash].lastIndex { $0 != .slash }.map { $0 + 1 }
        return BytePath(part: bytes[..<(end ?? 1)])
    }

    /// What follows the last dot of the last component, as in "png"; nil without one.
    ///
    /// A dot at the beginning marks a hidden file and one at the end nothing, so ".hidden" and "a."
    /// have no extension.
    public var fileExtension: BytePath? {
        let name = lastComponent.bytes
        return name.extensionStart.map { BytePath(part: name[$0...]) }
    }

    /// The last component without its extension: "b" for "a/b.png".
    public var stem: BytePath {
        let name = lastComponent.bytes
        return BytePath(part: name[..<(name.extensionStart.map { $0 - 1 } ?? name.endIndex)])
    }

    /// Lends the path with a NUL at its end, as system calls want it, while `body` runs.
    @inlinable
    public func withCString<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let terminated = bytes.map { CChar(bitPattern: $0) } + [0]
        // `Array.withUnsafeBufferPointer` rethrows untyped; the span keeps the type of the error.
        return unsafe try terminated.span.withUnsafeBufferPointer {
            buffer throws(Failure) -> Result in
            guard let start = buffer.baseAddress else {
                preconditionFailure("an array with a NUL in it has an address")
            }
            return try unsafe body(start)
        }
    }

    private var bytesWithoutTrailingSlashes: ArraySlice<UInt8> {
        bytes[..<(bytes.lastIndex { $0 != .slash }.map { $0 + 1 } ?? 0)]
    }
}

extension BytePath: ExpressibleByStringLiteral {
    /// Takes the UTF-8 of a literal, which must not contain a NUL.
    public init(stringLiteral value: String) {
        precondition(!value.utf8.contains(0), "a path literal contains a NUL")
        bytes = Array(value.utf8)
    }
}

extension BytePath: Comparable {
    /// Compares byte by byte, which is the order of enumeration.
    public static func < (left: BytePath, right: BytePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension BytePath: CustomStringConvertible {
    /// The path for a line of text: bytes that are no valid UTF-8, and control characters, which
    /// could end the line or steer the terminal, are percent-encoded, as in "a%FF%0A.png".
    public var description: String {
        text { $0.properties.generalCategory == .control }
    }

    /// The path for JSON and other text with escapes of its own: only bytes that are no valid UTF-8
    /// are percent-encoded.
    public var percentEncoded: String {
        text { _ in false }
    }

    /// Whether the bytes are valid UTF-8, so that ``percentEncoded`` loses nothing.
    public var isUTF8: Bool {
        bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
    }

    private func text(encoding isEncoded: (Unicode.Scalar) -> Bool) -> String {
        // Nearly all paths are of plain letters.
        if bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        var text = ""
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        while true {
            let length: Int
            switch parser.parseScalar(from: &iterator) {
            case .emptyInput:
                return text
            case .error(let invalidLength):
                length = invalidLength
                text += bytes[position..<(position + length)].percentEncoded
            case .valid(let encoded):
                length = encoded.count
                let scalar = Unicode.UTF8.decode(encoded)
                if isEncoded(scalar) {
                    text += bytes[position..<(position + length)].percentEncoded
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
            position += length
        }
    }
}

extension UInt8 {
    fileprivate static let slash = UInt8(ascii: "/")
}

extension [UInt8] {
    /// The index after the last dot, if that dot is neither the first nor the last byte.
    fileprivate var extensionStart: Int? {
        guard let dot = lastIndex(of: UInt8(ascii: ".")), dot > 0, dot + 1 < count else {
            return nil
        }
        return dot + 1
    }
}

extension ArraySlice<UInt8> {
    fileprivate var percentEncoded: String {
        map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}
