/// Appends numbers and strings to a message, in the byte order of the machine: both ends of the
/// wire are processes of one machine and one version.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: some FixedWidthInteger) {
        var value = UInt64(truncatingIfNeeded: value)
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: value))
            value >>= 8
        }
    }

    mutating func write(_ text: String) {
        write(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }
}

/// Reads what ``MessageWriter`` wrote, and believes nothing: a read beyond the end or a number out
/// of range is nil, and the caller treats the message as nonsense.
struct MessageReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Whether everything has been read.
    var isAtEnd: Bool { rest.isEmpty }

    mutating func readInteger<Value: FixedWidthInteger>(as type: Value.Type) -> Value? {
        guard rest.count >= 8 else { return nil }
        var value: UInt64 = 0
        for byte in rest.prefix(8).reversed() { value = value << 8 | UInt64(byte) }
        rest = rest.dropFirst(8)
        return Value(exactly: Int64(bitPattern: value))
            ?? (Value.isSigned ? nil : Value(exactly: value))
    }

    mutating func readText() -> String? {
        guard let count = readInteger(as: Int.self), count >= 0, count <= rest.count else {
            return nil
        }
        let text = String(validating: rest.prefix(count), as: UTF8.self)
        rest = rest.dropFirst(count)
        return text
    }
}
