internal import Codecs
internal import Filters
internal import Images
internal import Profiling

/// An image in a lane, from its header to its result.
struct LaneImage {
    /// What is known of it, and the bytes of its file: first the source's, at last the result's.
    var inFlight: ImageInFlight

    /// What was decided from its header.
    let preparation: Preparation

    /// Takes an image over from the stage before.
    init(_ inFlight: ImageInFlight, _ preparation: Preparation) {
        self.inFlight = inFlight
        self.preparation = preparation
        self.inFlight.outcome.sourceSize = preparation.header.layout.size
    }

    /// What its decoder found, while its pixels are in the memory of the executor.
    struct Decoded {
        let report: DecodeReport

        /// When the attempt that it is part of must end.
        let checkpoint: Checkpoint
    }
}
