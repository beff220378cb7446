import Glibc
import SystemCalls
import TestSupport
import Testing
import Transfer

@testable import Pipeline

@Suite("An input")
struct InputTests {
    @Test(
        "is told apart by how it begins",
        arguments: [
            ("-", Input.standardInput), ("https://a.org/b.png", .url("https://a.org/b.png")),
            ("ftp://a.org/b.png", .url("ftp://a.org/b.png")), ("a.png", .path("a.png")),
            ("a:b.png", .path("a:b.png")), ("1://x", .path("1://x")), ("://x", .path("://x")),
            ("./-", .path("./-")), ("/", .path("/")),
        ] as [(BytePath, Input)])
    func isToldApart(argument: BytePath, input: Input) {
        #expect(Input(argument: argument) == input)
    }

    @Test("is not empty")
    func isNotEmpty() {
        #expect(Input(argument: "") == nil)
    }

    @Test(
        "can be enumerated twice unless it comes from standard input",
        arguments: [
            (Input.path("a"), true), (.url("https://a.org"), true), (.standardInput, false),
            (.list("a", separator: .newline), true), (.list(nil, separator: .nul), false),
        ])
    func isRepeatable(input: Input, isRepeatable: Bool) {
        #expect(input.isRepeatable == isRepeatable)
    }

    @Test("cannot be enumerated twice where it is a list that comes through a fifo")
    func isFifo() throws {
        let folder = try TemporaryFolder()
        let fifo = folder.path("fifo")
        #expect(unsafe mkfifo("\(fifo)", 0o600) == 0)
        let list = try folder.addFile("list")

        #expect(!Input.list(fifo, separator: .newline).isRepeatable)
        #expect(Input.list(list, separator: .newline).isRepeatable)
    }
}
