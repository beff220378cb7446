import ArgumentParser

/// An option's value that is read from text by rules of its own.
protocol Grammar: CustomStringConvertible {
    /// What the text must be, as in "a time such as 500ms or 10s".
    static var grammar: String { get }

    /// Reads a value; nil if the text is none.
    init?(_ text: String)
}

extension Grammar {
    /// Reads a value for the parser, which adds the name of the option to what is thrown.
    static func read(_ text: String) throws -> Self {
        guard let value = Self(text) else { throw ValidationError(grammar) }
        return value
    }
}

extension NameSpecification {
    /// The long name and a letter that its value may follow at once, as in `-j8` and `-q80`.
    static func joined(_ letter: Character) -> NameSpecification {
        [.customShort(letter, allowingJoined: true), .long]
    }
}

/// What the parser says of a wrong command line, in the words of this program.
enum UsageMessage {
    /// `-f is 'bmp': it must be keep, png or jpeg`, where the parser would take two sentences.
    ///
    /// - Parameter message: The parser's message.
    /// - Returns: One line in lower case.
    static func plain(_ message: String) -> String {
        // A second line tells of another way to read the same wrong word.
        let message = String(message.prefix { !$0.isNewline })
        let start = "The value '"
        guard message.hasPrefix(start),
            let end = message.firstRange(of: "' is invalid for '")
        else { return "\(message.prefix(1).lowercased())\(message.dropFirst())" }
        let value = message[start.endIndex..<end.lowerBound]
        let rest = message[end.upperBound...]
        let option = rest.prefix { $0 != " " && $0 != "'" }
        return "\(option) is '\(value)': it must be \(allowed(rest))"
    }

    /// What follows the name of the option: a list of words, or a ``Grammar``, or nothing where the
    /// value is a number.
    private static func allowed(_ rest: Substring) -> String {
        if let words = rest.firstRange(of: "Please provide one of ") {
            return rest[words.upperBound...].filter { $0 != "'" && $0 != "." }
                .replacing(" and ", with: " or ")
        }
        if let grammar = rest.firstRange(of: "': ") { return String(rest[grammar.upperBound...]) }
        return "a whole number"
    }
}
