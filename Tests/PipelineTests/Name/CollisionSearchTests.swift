import Filters
import Images
import SystemCalls
import TestSupport
import Testing

@testable import Pipeline

@Suite("A search for collisions")
struct CollisionSearchTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("finds two files that one format gives one name")
    func findsEqualNames() throws {
        try add("a.jpg", "a.png", "b.png")

        let findings = try search(as: .png)

        let collision = try #require(findings.collision)
        #expect(collision.first.name == "a.jpg")
        #expect(collision.second.name == "a.png")
        #expect(collision.path == "a.png")
        #expect(findings.count == 3)
        #expect(findings.pathHashes == [StableHash(Array("a.png".utf8)).value])
    }

    @Test("finds nothing where each keeps its own format")
    func keepsFormatsApart() throws {
        try folder.addFile("a.jpg", [0xFF, 0xD8, 0xFF, 0xE0])
        try add("a.png")

        #expect(try search().collision == nil)
    }

    @Test("looks at the first bytes where the formats are kept")
    func looksAtBytes() throws {
        // Both are PNG files: the output of a.jpg gets the extension of what it is.
        try add("a.jpg", "a.png")

        #expect(try search().collision?.path == "a.png")
    }

    @Test("does not count what would not be converted")
    func ignoresOthers() throws {
        try add("a.png")
        try folder.addFile("a.jpg", Array("no image".utf8))

        #expect(try search().collision == nil)
    }

    @Test("finds files of different folders where the template flattens the tree")
    func findsFlattened() throws {
        try add("x/a.png", "y/a.png")

        #expect(try search().collision == nil)
        #expect(try search(template: OutputTemplate("{name}.{ext}")).collision?.path == "a.png")
    }

    @Test("finds files of two folders that were both given")
    func findsAcrossInputs() throws {
        try add("x/a.png", "y/a.png")

        let findings = try search(inputs: [.path(folder.path("x")), .path(folder.path("y"))])

        #expect(findings.collision?.first.name == "a.png")
        #expect(findings.collision?.path == "a.png")
    }

    @Test("finds every file that is given twice")
    func findsTheSameFileTwice() throws {
        try add("a.png")
        let input = Input.path(folder.path("a.png"))

        #expect(try search(inputs: [input, input]).collision?.path == "a.png")
    }

    @Test("finds everything where all would have one name")
    func findsFixedNames() throws {
        try add("a.png", "b.png")

        #expect(try search(template: .fixed("out.png")).collision?.path == "out.png")
    }

    @Test("leaves names that need the result's size for later")
    func leavesLateNames() throws {
        try add("a.png", "b.png")

        let findings = try search(template: OutputTemplate("{width}.png"))

        #expect(findings.hasLateNames)
        #expect(findings.collision == nil)
        #expect(findings.count == 2)
    }

    @Test("knows that the extension for an address is late, unless a format is chosen")
    func leavesAddresses() throws {
        let inputs: [Input] = [.url("https://a.org/a.png")]

        #expect(try search(inputs: inputs).hasLateNames)
        #expect(try !search(as: .png, inputs: inputs).hasLateNames)
    }

    @Test("compares addresses with files where a format is chosen")
    func comparesAddresses() throws {
        try add("a.jpg")
        let inputs: [Input] = [.url("https://a.org/x/a.webp"), .path(folder.path("a.jpg"))]

        #expect(try search(as: .png, inputs: inputs).collision?.path == "a.png")
    }

    private func add(_ names: String...) throws {
        for name in names { try folder.addFile(name, PNGBuilder().bytes) }
    }

    private func search(
        as format: ImageFormat? = nil, template: OutputTemplate = .keepingTree,
        inputs: [Input]? = nil
    ) throws -> CollisionSearch.Findings {
        let inputs = inputs ?? [.path(folder.path())]
        return CollisionSearch(
            template: template, recipe: Recipe(chain: try FilterChain([]), format: format),
            stream: { SourceStream(inputs, options: FindOptions(), excluding: []) }
        ).run()
    }
}
