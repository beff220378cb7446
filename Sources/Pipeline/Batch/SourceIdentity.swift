/// What tells one state of a source from another: its size and its age, or what its server says.
public struct SourceIdentity: Hashable, Sendable {
    /// The bytes of the source.
    public var byteCount: Int?

    /// When a file last changed, in nanoseconds since 1970.
    public var modificationNanoseconds: Int64?

    /// The `ETag` of a download.
    public var entityTag: String?

    /// Appends what is equal for equal states.
    ///
    /// A download is known by its address alone: asking the server for each would undo what
    /// resuming saves.
    func hash(into hasher: inout StableHasher) {
        guard let byteCount, let modificationNanoseconds else { return }
        hasher.combine(String(byteCount))
        hasher.combine(" ")
        hasher.combine(String(modificationNanoseconds))
    }
}
