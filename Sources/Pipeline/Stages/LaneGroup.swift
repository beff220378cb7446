internal import Filters
internal import Workers

/// Small images that a lane has decoded one behind the other, to filter them in one run.
struct LaneGroup {
    /// The bytes of memory for all of them.
    let byteCount: Int

    /// The images in their order.
    var images: [LaneImage] = []

    /// What the decoders found, for each image.
    private(set) var decoded: [LaneImage.Decoded] = []

    /// What the executor is asked to do.
    private(set) var requests = FilterGroup()

    /// Makes a group without images.
    init(byteCount: Int) { self.byteCount = byteCount }

    /// Whether there is room for one more image, and something to filter in it.
    func fits(_ preparation: Preparation) -> Bool {
        !preparation.plan.isEmpty && requests.nextOffset + preparation.byteCount <= byteCount
    }

    /// Adds an image whose pixels lie where ``requests`` has its next offset.
    mutating func append(_ image: LaneImage, _ decoded: LaneImage.Decoded) {
        requests.append(image.preparation.request, image.preparation.plan)
        images.append(image)
        self.decoded.append(decoded)
    }
}
