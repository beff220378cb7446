import SystemCalls
import Testing

@Suite("A path of bytes")
struct BytePathTests {
    @Test("keeps bytes that are no text")
    func keepsBytes() throws {
        let path = try #require(BytePath([0x61, 0xFF, 0x0A]))

        #expect(path.bytes == [0x61, 0xFF, 0x0A])
    }

    @Test("can't contain a NUL")
    func refusesNUL() {
        let string = "a\0b"
        #expect(BytePath(string) == nil)
        #expect(BytePath([0x61, 0]) == nil)
    }

    @Test(
        "joins with one slash",
        arguments: [
            ("a", "b", "a/b"), ("a/", "b", "a/b"), ("/", "b", "/b"), ("", "b", "b"),
            ("a", "", "a"), ("a", "/b", "/b"), ("a", "b/c", "a/b/c"),
        ] as [(BytePath, BytePath, BytePath)])
    func joins(folder: BytePath, name: BytePath, joined: BytePath) {
        #expect(folder.appending(name) == joined)
    }

    @Test(
        "has a last component and a parent",
        arguments: [
            ("a/b", "a", "b"), ("a", "", "a"), ("/a", "/", "a"), ("a//b//", "a", "b"),
            ("a/b/c", "a/b", "c"), ("/", "/", ""), ("", "", ""), ("//a", "/", "a"),
            ("//", "/", ""),
        ] as [(BytePath, BytePath, BytePath)])
    func splits(path: BytePath, parent: BytePath, last: BytePath) {
        #expect(path.parent == parent)
        #expect(path.lastComponent == last)
    }

    @Test("has components without empty ones")
    func hasComponents() {
        #expect(("/a//b/../c/" as BytePath).components == ["a", "b", "..", "c"])
    }

    @Test(
        "has a stem and an extension",
        arguments: [
            ("x/a.png", "a", "png"), ("a.tar.gz", "a.tar", "gz"), ("a", "a", nil),
            (".hidden", ".hidden", nil), (".a.png", ".a", "png"), ("a.", "a.", nil),
            ("x.y/a", "a", nil), ("..", "..", nil),
        ] as [(BytePath, BytePath, BytePath?)])
    func hasExtension(path: BytePath, stem: BytePath, fileExtension: BytePath?) {
        #expect(path.stem == stem)
        #expect(path.fileExtension == fileExtension)
    }

    @Test("sorts by bytes")
    func sorts() {
        let sorted = (["b", "ä", "B", "a/b", "a-b"] as [BytePath]).sorted()

        #expect(sorted == ["B", "a-b", "a/b", "b", "ä"])
    }

    @Test("reads as it is where it is text")
    func describesText() {
        #expect("\("näh/日本 %41.png" as BytePath)" == "näh/日本 %41.png")
    }

    @Test(
        "shows bytes that are no UTF-8, and control characters, percent-encoded",
        arguments: [
            ([0x61, 0xFF, 0x62], "a%FFb"), ([0x61, 0x0A, 0x1B, 0x62], "a%0A%1Bb"),
            ([0xE2, 0x82], "%E2%82"), ([0xC2, 0x85], "%C2%85"), ([0xC0, 0xAF], "%C0%AF"),
            ([0xE2, 0x82, 0x61], "%E2%82a"), ([0x7F], "%7F"),
        ] as [([UInt8], String)])
    func describesBytes(bytes: [UInt8], description: String) throws {
        #expect(try #require(BytePath(bytes)).description == description)
    }

    @Test("leaves control characters to the escapes of JSON")
    func leavesControlCharacters() throws {
        let path = try #require(BytePath([0x61, 0x0A, 0xFF]))

        #expect(path.percentEncoded == "a\n%FF")
        #expect(!path.isUTF8)
        #expect(("a\n" as BytePath).isUTF8)
    }

    @Test("ends in a NUL where C reads it")
    func lendsCString() {
        let text = unsafe ("abc" as BytePath).withCString { unsafe String(cString: $0) }

        #expect(text == "abc")
    }
}
