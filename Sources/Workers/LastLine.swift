extension String {
    /// What a child said, made fit for a line of ours: its last line, at most 200 characters of it,
    /// and nothing that would steer a terminal.
    var lastLine: String {
        let line = split(whereSeparator: \.isNewline).last ?? ""
        return String(
            String.UnicodeScalarView(
                line.prefix(200).unicodeScalars.map { $0.isPrintable ? $0 : "\u{FFFD}" }))
    }
}

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            false
        default: true
        }
    }
}
