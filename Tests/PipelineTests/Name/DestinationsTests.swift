import Filters
import Images
import SystemCalls
import Testing

@testable import Pipeline

@Suite("The destinations of a run")
struct DestinationsTests {
    private let source = Source.found("x/a.jpg", in: "photos")

    @Test("are the sources' places in the tree, with the extension of the format")
    func keepTree() throws {
        let destinations = try destinations()

        #expect(destinations.path(for: source, index: 0, format: .jpeg, size: nil) == "x/a.jpg")
        #expect(destinations.path(for: source, index: 0, format: .png, size: nil) == "x/a.png")
    }

    @Test("have the hash of the source before the extension where several would be equal")
    func addSuffix() throws {
        let destinations = try destinations(suffixed: [StableHash(Array("x/a.png".utf8)).value])
        let hash = StableHash(Array("x/a.jpg".utf8)).hexadecimal

        #expect(
            destinations.path(for: source, index: 0, format: .png, size: nil)
                == BytePath("x/a-\(hash).png"))
        #expect(destinations.path(for: source, index: 0, format: .jpeg, size: nil) == "x/a.jpg")
    }

    @Test("are given to one source each where they are known late")
    func areClaimed() throws {
        let destinations = try destinations(areKnownApart: false)

        #expect(destinations.claim("a.png"))
        #expect(destinations.claim("b.png"))
        #expect(!destinations.claim("a.png"))
    }

    @Test("are not compared again where that was done before the start")
    func areNotComparedTwice() throws {
        let destinations = try destinations(areKnownApart: true)

        #expect(destinations.claim("a.png"))
        #expect(destinations.claim("a.png"))
    }

    private func destinations(
        suffixed: Set<UInt64> = [], areKnownApart: Bool = true
    ) throws -> Destinations {
        Destinations(
            template: .keepingTree, recipe: Recipe(chain: try FilterChain([])), suffixed: suffixed,
            areKnownApart: areKnownApart)
    }
}
