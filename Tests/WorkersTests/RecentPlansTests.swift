import CAllocationCounter
import Filters
import Images
import Testing

@testable import Workers

@Suite("Recent plans")
struct RecentPlansTests {
    @Test("are given again, which allocates far less than a plan, and are those of their requests")
    func again() throws {
        let chain = try FilterChain(["resize:50%", "unsharp:1"])
        var plans = RecentPlans(of: chain)
        let requests = try [64, 70, 90, 33].map {
            FilterRequest.testing(try PixelLayout.testing(width: $0, height: 48))
        }
        for request in requests { _ = try plans.plan(for: request) }

        let before = allocation_count()
        for request in requests { _ = try plans.plan(for: request) }
        // None in a build that is optimised, which this target is not here.
        #expect(allocation_count() - before <= 4)

        for request in requests {
            #expect(try plans.plan(for: request).result == request.plan(chain).result)
        }
    }

    @Test("are made anew for another request, however many came before")
    func others() throws {
        let chain = try FilterChain(["resize:50%"])
        var plans = RecentPlans(of: chain)
        for width in [10, 20, 30, 40, 50, 60, 10] {
            let layout = try PixelLayout.testing(width: width, height: 4)
            #expect(try plans.plan(for: .testing(layout)).result.width == width / 2)
        }
    }
}
