import Images
import SystemCalls
import Testing

@testable import Pipeline

@Suite("An output template")
struct OutputTemplateTests {
    private let source = Source.found("alps/peak.PNG", in: "photos")

    @Test(
        "puts what it knows of an image into its fields",
        arguments: [
            ("{name}.{ext}", "peak.png"), ("{dir}/{name}.{ext}", "alps/peak.png"),
            ("{name}-{width}x{height}.{ext}", "peak-30x20.png"), ("{index}.{ext}", "7.png"),
            ("{hash}.{ext}", "\(StableHash(Array("alps/peak.PNG".utf8)).hexadecimal).png"),
            ("small/{name}{name}", "small/peakpeak"), ("a}b.png", "a}b.png"),
        ])
    func fillsFields(template: String, path: String) throws {
        #expect(try self.path(template, source) == BytePath(path))
    }

    @Test("leaves no empty component where a folder is empty", arguments: ["a.png", "./x/a.png"])
    func leavesNoEmptyComponent(name: String) throws {
        let source = Source.named(BytePath(name) ?? BytePath())

        #expect(try path("{dir}/{name}.{ext}", source) == "a.png")
    }

    @Test(
        "says which fields there are where braces hold something else",
        arguments: [("{size}.png", "size"), ("{name", "name"), ("a{}b", ""), ("{Name}", "Name")])
    func refusesUnknownFields(template: BytePath, name: String) {
        let error = #expect(throws: OutputTemplate.UnknownField.self) {
            try OutputTemplate(template)
        }

        let known = "{dir} {name} {ext} {width} {height} {index} {hash}"
        #expect(error?.description == "{\(name)} is no field of a template; there are \(known)")
    }

    @Test(
        "knows whether it must wait for the result's size",
        arguments: [("{name}", false), ("{width}", true), ("{name}-{height}", true)])
    func knowsWhatItNeeds(template: BytePath, isNeeded: Bool) throws {
        #expect(try OutputTemplate(template).needsResultSize == isNeeded)
    }

    @Test("without a field gives one path to all")
    func isFixed() throws {
        #expect(OutputTemplate.fixed("a.png").isFixed)
        #expect(!OutputTemplate.keepingTree.isFixed)
        #expect(try !OutputTemplate("a{index}.png").isFixed)
    }

    @Test("keeps bytes that are no text")
    func keepsBytes() throws {
        let name = try #require(BytePath([0xFF, 0x2E, 0x70, 0x6E, 0x67]))

        #expect(try path("{name}.{ext}", .named(name)) == name)
    }

    private func path(_ template: String, _ source: Source) throws -> BytePath {
        let template = try OutputTemplate(BytePath(template) ?? BytePath())
        return template.path(
            for: SourceName(source), index: 7, fileExtension: Array("png".utf8),
            size: ImageSize(width: 30, height: 20))
    }
}
