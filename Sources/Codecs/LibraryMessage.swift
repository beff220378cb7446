extension String {
    /// A message of a C library as a clause: its first word small unless it is an abbreviation, and
    /// no full stop at its end.
    ///
    /// - Parameter message: The characters, up to a zero or the end.
    init(libraryMessage message: UnsafeRawBufferPointer) {
        var text = unsafe String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)[...]
        if text.hasSuffix(".") { text = text.dropLast() }
        let isAbbreviation = text.prefix(2).allSatisfy(\.isUppercase)
        self =
            (isAbbreviation ? "" : text.prefix(1).lowercased())
            + text.dropFirst(isAbbreviation ? 0 : 1)
    }
}
