/// An image between two stages: what is known of it and its encoded bytes.
///
/// Before the lane these are the source's bytes, behind it the result's.
struct ImageInFlight: Sendable {
    /// What is known of the image.
    var outcome: ImageOutcome

    /// The bytes of a file.
    var bytes: [UInt8]

    /// The room that they take; nil where they are counted elsewhere.
    var room: ImageRoom?
}
