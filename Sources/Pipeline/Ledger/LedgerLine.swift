internal import Profiling
internal import SystemCalls

/// One line of a ledger: a JSON object whose first members have a fixed width.
///
/// ```
/// {"output":"<16 digits>","input":"<16 digits>","made":"<16 digits>","status":"converted",…}
/// ```
///
/// The three numbers are hashes of the output's path, the source's name, and everything that the
/// output was made from. So a resume reads a ledger of a million lines without parsing JSON; what
/// follows is for people, scripts and reports.
struct LedgerLine {
    /// The hash of the output's path below the output folder; 0 if it is not known.
    var output: UInt64

    /// The hash of the source's name.
    var input: UInt64

    /// The hash of what the output was made from; 0 if it is not finished.
    var made: UInt64

    /// Whether the input failed.
    var isFailed: Bool

    private static let prefix = Array(#"{"output":""#.utf8)
    private static let inputKey = Array(#"","input":""#.utf8)
    private static let madeKey = Array(#"","made":""#.utf8)
    private static let statusKey = Array(#"","status":""#.utf8)
    private static let failed = Array("failed".utf8)

    /// The line that precedes the name of an output.
    static func prepared(_ outcome: ImageOutcome) -> LedgerLine {
        LedgerLine(
            output: hash(outcome.destination), input: StableHash(outcome.source.name.bytes).value,
            made: 0, isFailed: false)
    }

    /// The line of a finished image.
    static func ended(_ outcome: ImageOutcome, recipe: String) -> LedgerLine {
        var line = prepared(outcome)
        line.isFailed = outcome.status == .failed
        if outcome.status == .converted, let identity = outcome.identity {
            line.made = madeFrom(
                outcome.source, identity, recipe: recipe, outputByteCount: outcome.byteCountOut)
        }
        return line
    }

    /// Stands for what an output was made from, and for its size; never 0.
    static func madeFrom(
        _ source: Source, _ identity: SourceIdentity, recipe: String, outputByteCount: Int
    ) -> UInt64 {
        var hasher = StableHasher()
        identity.hash(into: &hasher)
        hasher.combine("\n")
        hasher.combine(recipe)
        hasher.combine("\n")
        hasher.combine(String(outputByteCount))
        hasher.combine("\n")
        hasher.combine(source.name.bytes)
        return max(1, hasher.hash.value)
    }

    static func hash(_ path: BytePath?) -> UInt64 { path.map { StableHash($0.bytes).value } ?? 0 }

    private init(output: UInt64, input: UInt64, made: UInt64, isFailed: Bool) {
        self.output = output
        self.input = input
        self.made = made
        self.isFailed = isFailed
    }

    /// Reads the members of fixed width; nil for a torn line and anything else.
    init?(_ line: ArraySlice<UInt8>) {
        var rest = line
        guard line.last == UInt8(ascii: "}"),
            rest.removePrefix(Self.prefix), let output = rest.removeDigits(),
            rest.removePrefix(Self.inputKey), let input = rest.removeDigits(),
            rest.removePrefix(Self.madeKey), let made = rest.removeDigits(),
            rest.removePrefix(Self.statusKey)
        else { return nil }
        self.init(
            output: output, input: input, made: made, isFailed: rest.starts(with: Self.failed))
    }

    /// Writes the members of fixed width, which must be the first of their object.
    func write(to json: inout JSONWriter) {
        json.key("output")
        json.value(hexadecimal: output)
        json.key("input")
        json.value(hexadecimal: input)
        json.key("made")
        json.value(hexadecimal: made)
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func removePrefix(_ prefix: [UInt8]) -> Bool {
        guard starts(with: prefix) else { return false }
        removeFirst(prefix.count)
        return true
    }

    /// Takes 16 hexadecimal digits.
    fileprivate mutating func removeDigits() -> UInt64? {
        guard count >= 16 else { return nil }
        var value: UInt64 = 0
        for byte in prefix(16) {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        removeFirst(16)
        return value
    }
}
