/// Reads JSON text by recursive descent; every method returns nil where the text is not JSON.
///
/// The text is passed along with each call, since a value that keeps a span cannot be stored.
struct JSONReader {
    private var offset = 0
    private var depth = 0

    private static let depthLimit = 64

    /// Reads the one value of a text.
    mutating func readDocument(_ text: Span<UInt8>) -> JSONValue? {
        guard let value = readValue(text) else { return nil }
        skipWhiteSpace(text)
        return offset == text.count ? value : nil
    }

    private mutating func readValue(_ text: Span<UInt8>) -> JSONValue? {
        skipWhiteSpace(text)
        guard offset < text.count else { return nil }
        switch text[offset] {
        case UInt8(ascii: "\""): return readString(text).map(JSONValue.string)
        case UInt8(ascii: "{"): return readNested(text) { $0.readMembers($1) }
        case UInt8(ascii: "["): return readNested(text) { $0.readElements($1) }
        case UInt8(ascii: "t"): return readWord(text, "true") ? .boolean(true) : nil
        case UInt8(ascii: "f"): return readWord(text, "false") ? .boolean(false) : nil
        case UInt8(ascii: "n"): return readWord(text, "null") ? .null : nil
        default: return readNumber(text)
        }
    }

    // MARK: - Objects and arrays

    /// Reads what follows an opening bracket, unless it lies too deep for the stack.
    private mutating func readNested(
        _ text: Span<UInt8>, _ read: (inout JSONReader, Span<UInt8>) -> JSONValue?
    ) -> JSONValue? {
        guard depth < JSONReader.depthLimit else { return nil }
        offset += 1
        depth += 1
        defer { depth -= 1 }
        return read(&self, text)
    }

    private mutating func readMembers(_ text: Span<UInt8>) -> JSONValue? {
        var members: [JSONValue.Member] = []
        if take(UInt8(ascii: "}"), text) { return .object(members) }
        members.reserveCapacity(16)
        repeat {
            skipWhiteSpace(text)
            guard let name = readString(text), take(UInt8(ascii: ":"), text),
                let value = readValue(text)
            else { return nil }
            members.append(JSONValue.Member(name: name, value: value))
        } while take(UInt8(ascii: ","), text)
        return take(UInt8(ascii: "}"), text) ? .object(members) : nil
    }

    private mutating func readElements(_ text: Span<UInt8>) -> JSONValue? {
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]"), text) { return .array(elements) }
        repeat {
            guard let value = readValue(text) else { return nil }
            elements.append(value)
        } while take(UInt8(ascii: ","), text)
        return take(UInt8(ascii: "]"), text) ? .array(elements) : nil
    }

    // MARK: - Strings

    private mutating func readString(_ text: Span<UInt8>) -> String? {
        guard offset < text.count, text[offset] == UInt8(ascii: "\"") else { return nil }
        let start = offset + 1
        var end = start
        while end < text.count {
            switch text[end] {
            case UInt8(ascii: "\""):
                offset = end + 1
                return makeString(text.extracting(start..<end))
            case UInt8(ascii: "\\"): return readEscapedString(text, from: start)
            case 0..<0x20: return nil
            default: end += 1
            }
        }
        return nil
    }

    private func makeString(_ bytes: Span<UInt8>) -> String? {
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: text)
    }

    /// Reads a string that has escapes from its first byte on.
    private mutating func readEscapedString(_ text: Span<UInt8>, from start: Int) -> String? {
        var bytes: [UInt8] = []
        offset = start
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return makeString(bytes.span)
            case UInt8(ascii: "\\"):
                guard let scalar = readEscape(text) else { return nil }
                bytes.append(contentsOf: String(Character(scalar)).utf8)
            case 0..<0x20: return nil
            default: bytes.append(byte)
            }
        }
        return nil
    }

    private mutating func readEscape(_ text: Span<UInt8>) -> Unicode.Scalar? {
        guard offset < text.count else { return nil }
        let letter = text[offset]
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return readScalar(text)
        default: return nil
        }
    }

    /// Four digits, or two times four for what UTF-16 has as a surrogate pair.
    private mutating func readScalar(_ text: Span<UInt8>) -> Unicode.Scalar? {
        guard let first = readFourDigits(text) else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard readWord(text, "\\u"), let second = readFourDigits(text),
            (0xDC00..<0xE000).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func readFourDigits(_ text: Span<UInt8>) -> UInt32? {
        guard text.count - offset >= 4 else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(text[offset])).hexDigitValue else {
                return nil
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    // MARK: - Numbers

    private mutating func readNumber(_ text: Span<UInt8>) -> JSONValue? {
        let start = offset
        let isNegative = take(byte: UInt8(ascii: "-"), text)
        let leadingZero = offset < text.count && text[offset] == UInt8(ascii: "0")
        var magnitude: Int64? = 0
        let digitCount = readDigits(text) { digit in
            guard let (high, overflows) = magnitude?.multipliedReportingOverflow(by: 10),
                !overflows
            else { return magnitude = nil }
            let (sum, carries) = high.addingReportingOverflow(digit)
            magnitude = carries ? nil : sum
        }
        guard digitCount > 0, digitCount == 1 || !leadingZero else { return nil }
        var isInteger = true
        if take(byte: UInt8(ascii: "."), text) {
            isInteger = false
            guard readDigits(text, { _ in }) > 0 else { return nil }
        }
        if take(byte: UInt8(ascii: "e"), text) || take(byte: UInt8(ascii: "E"), text) {
            isInteger = false
            _ = take(byte: UInt8(ascii: "+"), text) || take(byte: UInt8(ascii: "-"), text)
            guard readDigits(text, { _ in }) > 0 else { return nil }
        }
        if isInteger, let magnitude { return .integer(isNegative ? -magnitude : magnitude) }
        guard let digits = makeString(text.extracting(start..<offset)),
            let number = Double(digits), number.isFinite
        else { return nil }
        return .number(number)
    }

    private mutating func readDigits(_ text: Span<UInt8>, _ body: (Int64) -> Void) -> Int {
        let start = offset
        while offset < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[offset]) {
            body(Int64(text[offset] - UInt8(ascii: "0")))
            offset += 1
        }
        return offset - start
    }

    // MARK: - Bytes

    /// Takes this byte if it comes next, after white space.
    private mutating func take(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
        skipWhiteSpace(text)
        return take(byte: byte, text)
    }

    /// Takes this byte if it comes next.
    private mutating func take(byte: UInt8, _ text: Span<UInt8>) -> Bool {
        guard offset < text.count, text[offset] == byte else { return false }
        offset += 1
        return true
    }

    private mutating func readWord(_ text: Span<UInt8>, _ word: String) -> Bool {
        guard text.count - offset >= word.utf8.count else { return false }
        for byte in word.utf8 {
            guard text[offset] == byte else { return false }
            offset += 1
        }
        return true
    }

    private mutating func skipWhiteSpace(_ text: Span<UInt8>) {
        while offset < text.count {
            switch text[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }
}
