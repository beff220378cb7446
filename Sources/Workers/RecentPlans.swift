public import Filters

/// The plans of the images before, for the next one that asks for the same: most images of a batch
/// are of few sizes, and a plan takes memory and time to make.
public struct RecentPlans: Sendable {
    private let chain: FilterChain

    /// The latest last.
    private var plans: [(request: FilterRequest, plan: FilterPlan)] = []

    /// Enough for a camera's two orientations with and without alpha; each may hold a table of
    /// 128 KiB for every filter.
    private static let largestCount = 4

    /// Makes a memory without plans.
    ///
    /// - Parameter chain: The filters of the run.
    public init(of chain: FilterChain) {
        self.chain = chain
        plans.reserveCapacity(Self.largestCount)
    }

    /// The plan of a request, made before or now.
    ///
    /// - Parameter request: What is to be done.
    /// - Returns: The same as `request.plan(chain)`.
    /// - Throws: ``FilterError`` if a filter cannot be applied to the image.
    public mutating func plan(for request: FilterRequest) throws(FilterError) -> FilterPlan {
        for index in plans.indices where plans[index].request == request {
            return plans[index].plan
        }
        let plan = try request.plan(chain)
        if plans.count == Self.largestCount { plans.removeFirst() }
        plans.append((request, plan))
        return plan
    }
}
