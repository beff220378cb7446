/// What the command line knows of one filter: from it specifications are parsed, the manual is
/// printed and the filter is made.
public struct FilterDefinition: Sendable {
    /// The name in a specification: lower case with hyphens.
    public let name: String

    /// What the filter computes, in one line.
    public let summary: String

    /// The value after the colon, nil where the filter takes none.
    public let value: FilterParameter?

    /// What may be given as `key=value`.
    public let keys: [FilterParameter]

    /// A specification that shows the usual use.
    public let example: String

    /// Makes the filter from arguments that are known, complete and in range.
    let make: @Sendable (FilterArguments) throws(FilterError) -> any Filter

    init(
        _ name: String, _ summary: String, value: FilterParameter? = nil,
        keys: [FilterParameter] = [], example: String,
        make: @escaping @Sendable (FilterArguments) throws(FilterError) -> any Filter
    ) {
        self.name = name
        self.summary = summary
        self.value = value
        self.keys = keys
        self.example = example
        self.make = make
    }

    /// The value and the keys, in the order of the manual.
    public var parameters: [FilterParameter] { (value.map { [$0] } ?? []) + keys }

    /// The form of a specification, as `gaussian-blur:SIGMA` or `unsharp:SIGMA[,amount=…]`.
    public var usage: String {
        var usage = name
        if let value {
            let placeholder = ":" + value.name.uppercased()
            usage += value.isRequired ? placeholder : "[\(placeholder)]"
        }
        return usage + keys.map { "[,\($0.name)=…]" }.joined()
    }
}

/// One value that a filter takes.
public struct FilterParameter: Sendable {
    /// The key; for the value after the colon, what messages call it.
    public let name: String

    /// What it means, with its unit.
    public let meaning: String

    /// Which values are allowed.
    public let form: Form

    /// What is taken where it is not given; nil where it must be given.
    public let defaultValue: String?

    /// Which values a parameter allows.
    public enum Form: Sendable {
        /// A finite number in a range, whose lower bound may be left out.
        case number(ClosedRange<Double>, isAboveLowerBound: Bool = false)

        /// A whole number in a range.
        case integer(ClosedRange<Int>)

        /// One of some words.
        case choice([String])

        /// `#RRGGBB`, `#RRGGBBAA` or a word that ``Color`` knows.
        case color

        /// Something with a grammar of its own, which the filter reads: the grammar in words.
        case text(String)
    }

    init(_ name: String, _ meaning: String, _ form: Form, default defaultValue: String? = nil) {
        self.name = name
        self.meaning = meaning
        self.form = form
        self.defaultValue = defaultValue
    }

    /// Whether it must be given.
    public var isRequired: Bool { defaultValue == nil }

    /// Which values are allowed, in words: `a number from 0 to 1`.
    public var allowed: String {
        switch form {
        case .number(let range, isAboveLowerBound: false):
            "a number from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))"
        case .number(let range, isAboveLowerBound: true):
            "a number above \(shortest(range.lowerBound)), up to \(shortest(range.upperBound))"
        case .integer(let range):
            "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words):
            "one of \(words.joined(separator: ", "))"
        case .color:
            "a colour as #RRGGBB or #RRGGBBAA, white, black or transparent"
        case .text(let grammar):
            grammar
        }
    }

    /// Whether `text` is an allowed value; for `.text` the filter itself decides later.
    func allows(_ text: String) -> Bool {
        switch form {
        case .number(let range, let isAboveLowerBound):
            guard let number = Self.number(text) else { return false }
            return range.contains(number) && !(isAboveLowerBound && number == range.lowerBound)
        case .integer(let range):
            return Int(text).map(range.contains) ?? false
        case .choice(let words):
            return words.contains(text)
        case .color:
            return Color(text) != nil
        case .text:
            return !text.isEmpty
        }
    }

    /// A number in decimal digits; Swift's own reader would take `nan` and `0x1p3` too.
    static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }) else { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private func shortest(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }
}
