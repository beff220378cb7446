import Images
import SystemCalls
import Testing

@testable import Pipeline

@Suite("The name of a source")
struct SourceNameTests {
    @Test(
        "of an address is the last component of its path",
        arguments: [
            ("https://a.org/b/c.jpg", "c", "jpg"), ("https://a.org/c.jpg?size=1/2#x", "c", "jpg"),
            ("https://a.org/b/c", "c", ""), ("https://a.org/caf%C3%A9.png", "café", "png"),
            ("https://a.org", "index", ""), ("https://a.org/", "index", ""),
            ("https://a.org/b/", "index", ""), ("https://a.org?x=/y.png", "index", ""),
            ("https://a.org/100%.png", "100%", "png"), ("https://a.org/%zz.png", "%zz", "png"),
        ])
    func readsURLs(url: String, stem: String, fileExtension: String) {
        let name = SourceName(.url(url))

        #expect(String(decoding: name.stem, as: UTF8.self) == stem)
        #expect(String(decoding: name.fileExtension, as: UTF8.self) == fileExtension)
        #expect(name.folder.isEmpty)
    }

    @Test("of an address with an encoded slash is what the file system makes of it")
    func decodesSlashes() {
        let name = SourceName(.url("https://a.org/x%2f..%2Fc.jpg"))

        #expect(String(decoding: name.stem, as: UTF8.self) == "c")
    }

    @Test("of a file in a folder has the folder below the one that was given")
    func readsPaths() {
        let name = SourceName(.found("x/y/a.b.png", in: "/photos"))

        #expect(String(decoding: name.folder, as: UTF8.self) == "x/y")
        #expect(String(decoding: name.stem, as: UTF8.self) == "a.b")
    }

    @Test("of standard input is stdin")
    func readsStandardInput() {
        #expect(String(decoding: SourceName(.standardInput).stem, as: UTF8.self) == "stdin")
    }

    @Test(
        "keeps its own spelling of the extension where that fits the format",
        arguments: [
            ("a.JPG", ImageFormat.jpeg, "JPG"), ("a.jpeg", .jpeg, "jpeg"), ("a.png", .jpeg, "jpg"),
            ("a", .png, "png"), ("a.txt", .png, "png"),
        ])
    func keepsSpelling(path: BytePath, format: ImageFormat, fileExtension: String) {
        let name = SourceName(.named(path))

        #expect(String(decoding: name.fileExtension(for: format), as: UTF8.self) == fileExtension)
    }
}
