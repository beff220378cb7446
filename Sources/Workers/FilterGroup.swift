public import Filters

/// Images that an executor filters in one run, their frames one behind the other in its memory.
///
/// For small images a message to a child costs more than their filters, so several share one.
/// Parent and child each make the group from the same requests, so that no offset needs to be
/// believed.
public struct FilterGroup: Sendable {
    /// An image of a group.
    public struct Member: Sendable {
        /// What is to be done to it.
        public let request: FilterRequest

        /// The plan of the request.
        public let plan: FilterPlan

        /// Where in the memory the image's frame begins, in bytes.
        public let offset: Int

        /// The bytes of the memory that are the image's frame.
        public var frame: Range<Int> { offset..<offset + plan.byteCount }
    }

    /// The most images of a group.
    public static let largestCount = 16

    /// The images in the order in which they are filtered.
    public private(set) var members: [Member] = []

    /// The bytes of memory that all frames take.
    public private(set) var byteCount = 0

    /// Makes a group without images.
    public init() {}

    /// Makes a group of one image, whose frame begins at the start of the memory.
    public init(_ request: FilterRequest, _ plan: FilterPlan) {
        append(request, plan)
    }

    /// Where the frame of the next image would begin: on a cache line, as the regions of a plan do.
    public var nextOffset: Int { (byteCount + 63) & ~63 }

    /// Adds an image.
    ///
    /// - Parameters:
    ///   - request: What is to be done to it.
    ///   - plan: The plan of `request`.
    public mutating func append(_ request: FilterRequest, _ plan: FilterPlan) {
        let member = Member(request: request, plan: plan, offset: nextOffset)
        members.append(member)
        byteCount = member.frame.upperBound
    }
}
