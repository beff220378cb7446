import Foundation
import Glibc
import Profiling
import SystemCalls
import TestSupport
import Testing
import Transfer

@testable import Pipeline

@Suite("A stream of sources", .timeLimit(.minutes(30)))
struct SourceStreamTests {
    private let folder: TemporaryFolder
    private var options = FindOptions()

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("has the arguments in their order, folders sorted by bytes, and counts from 0")
    func isOrdered() throws {
        try add("z.png", "b/2.png", "b/10.png", "b/x/1.png", "a/1.png")
        let inputs = ["z.png", "b", "a"].map { Input.path(folder.path($0)) }

        let found = all(inputs)

        #expect(
            found.map(\.source.place)
                == ["z.png", "b/10.png", "b/2.png", "b/x/1.png", "a/1.png"].map {
                    .file(folder.path($0))
                })
        #expect(found.map(\.index) == [0, 1, 2, 3, 4])
    }

    @Test("names what it finds by its place below the folder that was given")
    func namesSources() throws {
        try add("in/x/a.png")

        let source = try #require(all([.path(folder.path("in"))]).first?.source)

        #expect(source == .found("x/a.png", in: folder.path("in")))
        #expect(source.isFoundInFolder)
        #expect(source.folder == "x")
    }

    @Test("passes over hidden files unless they are wanted")
    mutating func knowsHidden() throws {
        try add("a.png", ".b.png", ".c/d.png")

        #expect(names() == ["a.png"])
        options.includesHidden = true
        #expect(names() == [".b.png", ".c/d.png", "a.png"])
    }

    @Test("takes a hidden file that was named")
    func takesNamedHidden() throws {
        try add(".b.png")

        #expect(all([.path(folder.path(".b.png"))]).count == 1)
    }

    @Test("passes over symbolic links unless they are to be followed")
    mutating func knowsLinks() throws {
        try add("a.png")
        try folder.addLink("b.png", to: "a.png")

        #expect(names() == ["a.png"])
        options.followsLinks = true
        #expect(names() == ["a.png", "b.png"])
    }

    @Test("keeps what a pattern includes and leaves out what another excludes")
    mutating func matchesPatterns() throws {
        try add("a.png", "b.jpg", "x/c.png", "x/thumb.png")
        options.include = [NamePattern("*.png"), NamePattern("b.*")]
        options.exclude = [NamePattern("x/thumb*")]

        #expect(names() == ["a.png", "b.jpg", "x/c.png"])
    }

    @Test("does not look into the folder of the outputs")
    func passesOverOutputs() throws {
        try add("a.png", "out/a.png")
        let out = try FileStatus(of: folder.path("out")).identity
        var stream = SourceStream([.path(folder.path())], options: options, excluding: [out])

        #expect(stream.next()?.source.name == "a.png")
        #expect(stream.next() == nil)
    }

    @Test("gives each source to exactly one shard, with the index that it has among all")
    mutating func shares() throws {
        try add("a.png", "b.png", "c/d.png", "c/e.png", "f.png", "g.png", "h.png")
        let whole = all([.path(folder.path())]).map { "\($0.index) \($0.source.name)" }

        var parts: [String] = []
        for index in 0..<3 {
            options.shard = Shard(index: index, count: 3)
            parts += all([.path(folder.path())]).map { "\($0.index) \($0.source.name)" }
        }

        #expect(parts.sorted() == whole.sorted())
        #expect(Set(parts).count == whole.count)
    }

    @Test(
        "reads lists of paths and addresses",
        arguments: [
            ("a.png\nhttps://a.org/b.png\n", ListFile.Separator.newline),
            ("a.png\r\nhttps://a.org/b.png\r\n", .newline),
            ("a.png\n\nhttps://a.org/b.png", .newline),
            ("a.png\0https://a.org/b.png\0", .nul),
        ])
    func readsLists(text: String, separator: ListFile.Separator) throws {
        let list = try folder.addFile("list", Array(text.utf8))

        let sources = all([.list(list, separator: separator)]).map(\.source)

        #expect(sources == [.named("a.png"), .url("https://a.org/b.png")])
    }

    @Test("has no more sources once the run ends, and waits for no line of a list")
    func endsWithRun() throws {
        let fifo = folder.path("fifo")
        try #require(unsafe fifo.withCString { unsafe mkfifo($0, 0o600) } == 0)
        // Open for both, the fifo has a writer, who says no more.
        let descriptor = unsafe fifo.withCString { unsafe open($0, O_RDWR | O_CLOEXEC) }
        let writer = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try writer.write(contentsOf: Data("a.png\n".utf8))
        let end = Cancellation()
        var stream = SourceStream(
            [.list(fifo, separator: .newline)], options: options, excluding: [], until: end)

        let first = stream.next()
        end.set()
        let second = stream.next()

        #expect(first?.source == .named("a.png"))
        #expect(second == nil)
        try writer.close()
    }

    @Test("takes bytes that are no text from lists")
    func takesBytes() throws {
        let list = try folder.addFile("list", [0x61, 0xFF, 0x0A])

        let path = try #require(BytePath([0x61, 0xFF]))
        #expect(all([.list(list, separator: .newline)]).map(\.source) == [.named(path)])
    }

    @Test("goes on behind an input that is missing, and says which it is")
    func goesOn() throws {
        try add("a.png")
        let inputs = ["gone.png", "a.png"].map { Input.path(folder.path($0)) }

        let found = all(inputs)

        #expect(found.map(\.source.place) == inputs.map(Self.place))
        #expect(found.map(\.error) == [.notFound, nil])
    }

    @Test("ends behind a list that cannot be read", arguments: ["gone", "folder"])
    func endsBehindUnreadableLists(name: String) throws {
        try folder.addFolder("folder")

        let found = all([.list(folder.path(name), separator: .newline)], atMost: 3)

        #expect(found.count == 1)
        #expect(found.first?.error != nil)
    }

    @Test("takes standard input and addresses as they are")
    func takesOthers() {
        let found = all([.standardInput, .url("https://a.org/x")])

        #expect(found.map(\.source) == [.standardInput, .url("https://a.org/x")])
    }

    private func add(_ names: String...) throws {
        for name in names { try folder.addFile(name) }
    }

    private func names() -> [BytePath] { all([.path(folder.path())]).map(\.source.name) }

    private func all(_ inputs: [Input], atMost limit: Int = 1000) -> [SourceStream.Found] {
        var stream = SourceStream(inputs, options: options, excluding: [])
        var found: [SourceStream.Found] = []
        while found.count < limit, let next = stream.next() { found.append(next) }
        return found
    }

    private static func place(_ input: Input) -> Source.Place {
        guard case .path(let path) = input else { return .standardInput }
        return .file(path)
    }
}
