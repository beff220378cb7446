import Testing

@testable import Profiling

@Suite("A piece of HTML")
struct HTMLTests {
    @Test("escapes what is interpolated and nothing else")
    func escapes() {
        let name = "<b a='1' c=\"2\">&amp;"

        let html: HTML = "<i>\(name)</i>"

        #expect(html.text == "<i>&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;</i>")
    }

    @Test("takes other pieces as they are")
    func nests() {
        let items = ["a&b", "c"].map { "<li>\($0)</li>" as HTML }

        let html: HTML = "<ul>\(items)</ul>\("<hr>" as HTML)"

        #expect(html.text == "<ul><li>a&amp;b</li><li>c</li></ul><hr>")
    }

    @Test(
        "shows control characters as what they are not", arguments: ["\u{0}", "\u{1B}", "\u{9F}"])
    func replacesControls(character: String) {
        let html: HTML = "\(character)"

        #expect(html.text == "\u{FFFD}")
    }

    @Test("writes places in percent")
    func percent() {
        let html: HTML = "\(percent: 0.123456)"

        #expect(html.text == "12.346%")
    }
}
