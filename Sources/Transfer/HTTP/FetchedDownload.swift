/// A file that was downloaded whole.
public struct FetchedDownload: Sendable {
    /// All bytes of the file.
    public let bytes: [UInt8]

    /// The `ETag` of the response, as it was sent: it changes when the file does.
    public let entityTag: String?

    /// The number of attempts it took, at least 1.
    public let attempts: Int
}
