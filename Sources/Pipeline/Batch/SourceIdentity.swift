/// What tells one state of a source from another: its size and its age, or what its server says.
public struct SourceIdentity: Hashable, Sendable {
    /// The bytes of the source.
    public var byteCount: Int?

    /// When a file last changed, in nanoseconds since 1970.
    public var modificationNanoseconds: Int64?

    /// The `ETag` of a download.
    public var entityTag: String?

    /// A text that is equal for equal states.
    ///
    /// A download is known by its address alone: asking the server for each would undo what
    /// resuming saves.
    var fingerprint: String {
        guard let byteCount, let modificationNanoseconds else { return "" }
        return "\(byteCount) \(modificationNanoseconds)"
    }
}
