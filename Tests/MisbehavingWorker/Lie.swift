/// What a worker does wrong.
struct Lie {
    /// The ways to do wrong.
    enum Kind: String, CaseIterable {
        // At its start.
        case exitAtOnce = "exit-at-once"
        case neverReady = "never-ready"
        case wrongVersion = "wrong-version"
        case anotherProgram = "another-program"

        // Instead of its reply.
        case crash
        case abort
        case spin
        case stop
        case exit
        case hog
        case close
        case wrongNumber = "wrong-number"
        case longReply = "long-reply"
        case shortReply = "short-reply"
        case tooLarge = "too-large"
        case otherFormat = "other-format"
        case tooFew = "too-few"
        case flood
        case escapeSequence = "escape-sequence"

        // With its reply.
        case twice
        case clock

        // After its reply.
        case scribble
        case exitWhenIdle = "exit-when-idle"

        /// Replies before it is asked, and reads nothing.
        case deaf

        /// Tries what a sandbox forbids, and tells what it could do.
        case probe
    }

    let kind: Kind

    /// The only images on which it is told, as in `7x5`; nil means all.
    let size: String?

    /// Reads `misbehave-KIND` or `misbehave-KIND-on-WIDTHxHEIGHT`.
    init?(name: String) {
        let prefix = "misbehave-"
        guard name.hasPrefix(prefix) else { return nil }
        let words = name.dropFirst(prefix.count).split(separator: "-")
        let hasSize = words.count > 2 && words[words.count - 2] == "on"
        let kind = (hasSize ? words.dropLast(2) : words[...]).joined(separator: "-")
        guard let kind = Kind(rawValue: kind) else { return nil }
        self.kind = kind
        size = hasSize ? words.last.map(String.init) : nil
    }
}
