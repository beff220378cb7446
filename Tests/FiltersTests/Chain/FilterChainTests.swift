import Filters
import Images
import Testing

@Suite("A filter chain")
struct FilterChainTests {
    @Test("keeps its specifications as given")
    func specifications() throws {
        let chain = try FilterChain(["resize:50%", "gaussian-blur:5"])
        #expect(chain.specifications == ["resize:50%", "gaussian-blur:5"])
        #expect(!chain.isEmpty)
    }
}
