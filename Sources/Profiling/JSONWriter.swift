/// Writes JSON (RFC 8259) as a stream of bytes, one value after the other.
///
/// The caller keeps the order right: in an object a key before each value, and an end for each
/// beginning. Commas and escapes are put by the writer. Strings are Swift strings, so always valid
/// UTF-8.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    private var needsComma = false
    private var breaksLine = false

    /// Makes a writer that has written nothing.
    public init() {}

    /// What was written so far, as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Begins an object, in an array or after a key.
    public mutating func beginObject() { begin("{") }

    /// Ends an object.
    public mutating func endObject() { end("}") }

    /// Begins an array.
    public mutating func beginArray() { begin("[") }

    /// Ends an array.
    public mutating func endArray() { end("]") }

    /// Writes the key of the next value.
    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string.
    public mutating func value(_ string: String) {
        separate()
        quote(string)
    }

    /// Writes an integer.
    public mutating func value(_ integer: Int) {
        separate()
        if integer < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(UInt64(integer.magnitude))
    }

    /// Writes an integer of another type.
    public mutating func value(_ integer: some FixedWidthInteger) {
        separate()
        if integer < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(UInt64(clamping: integer.magnitude))
    }

    /// Writes a number; `null` if it is not finite, which JSON cannot express.
    public mutating func value(_ number: Double) {
        separate()
        bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
    }

    /// Writes a string of hexadecimal digits, 16 of them.
    public mutating func value(hexadecimal word: UInt64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        appendHexadecimal(word)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a string of hexadecimal digits, 64 of them.
    public mutating func value(hexadecimal words: SIMD8<UInt32>) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for index in stride(from: 0, to: words.scalarCount, by: 2) {
            appendHexadecimal(UInt64(words[index]) << 32 | UInt64(words[index + 1]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes `true` or `false`.
    public mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// Writes nanoseconds as microseconds with three digits, the unit of the Trace Event Format.
    public mutating func microseconds(nanoseconds: Int64) {
        separate()
        let (whole, part) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(whole)
        bytes.append(UInt8(ascii: "."))
        appendDigits(part, atLeast: 3)
    }

    /// Writes a line feed, as between the objects of NDJSON; the next value begins anew.
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Puts the next value of an array or object on a new line, for people who read it.
    public mutating func breakLine() { breaksLine = true }

    /// Forgets what was written, so that the same memory takes what follows it.
    public mutating func removeWritten() {
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func begin(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func end(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        if breaksLine { bytes.append(UInt8(ascii: "\n")) }
        needsComma = true
        breaksLine = false
    }

    private mutating func quote(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        if JSONWriter.needsEscapes(string.utf8.span) {
            for byte in string.utf8 { appendEscaped(byte) }
        } else {
            bytes.append(contentsOf: string.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscapes(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                return true
            }
        }
        return false
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            bytes.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
            bytes.append(contentsOf: String(byte, radix: 16).utf8)
        default: bytes.append(byte)
        }
    }

    private mutating func appendDigits(_ magnitude: UInt64, atLeast digitCount: Int = 1) {
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var start = digits.count
        var rest = magnitude
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0 || digits.count - start < digitCount
        for index in start..<digits.count { bytes.append(digits[index]) }
    }

    private mutating func appendHexadecimal(_ word: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
            bytes.append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
        }
    }
}
