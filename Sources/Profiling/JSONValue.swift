/// A value of JSON (RFC 8259), read whole, as a line of a ledger is.
public enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)

    /// A number without fraction and exponent that 64 bits hold.
    case integer(Int64)

    /// Any other number.
    case number(Double)
    case string(String)
    case array([JSONValue])

    /// The members in their order; names are not checked for being unique.
    case object([Member])

    /// A name and a value of an object.
    public struct Member: Hashable, Sendable {
        /// The name.
        public let name: String

        /// The value.
        public let value: JSONValue

        /// Makes a member.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Reads the one value that `bytes` hold, with white space around it; nil if they are not JSON,
    /// are cut off, or are nested more than 64 deep.
    ///
    /// - Parameter bytes: The text, which comes from outside and may be anything.
    public init?(parsing bytes: Span<UInt8>) {
        var reader = JSONReader()
        guard let value = reader.readDocument(bytes) else { return nil }
        self = value
    }

    /// Reads the one value that `bytes` hold.
    public init?(parsing bytes: [UInt8]) { self.init(parsing: bytes.span) }

    /// Reads the one value that `bytes` hold.
    public init?(parsing bytes: ArraySlice<UInt8>) { self.init(parsing: bytes.span) }

    /// The value of the first member with this name; nil if there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A number that is whole and fits.
    public var integer: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// Any number.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// `true` or `false`.
    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The values of an array; none for anything else.
    public var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The members of an object; none for anything else.
    public var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }
}
