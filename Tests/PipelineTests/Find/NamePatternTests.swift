import SystemCalls
import Testing

@testable import Pipeline

@Suite("A pattern of names")
struct NamePatternTests {
    @Test(
        "matches the whole path below the folder",
        arguments: [
            ("*.png", "a.png", true), ("*.png", "x/y/a.png", true), ("*.png", "a.png.txt", false),
            ("a.png", "x/a.png", false), ("*/a.png", "x/a.png", true), ("x/*", "x/y/a.png", true),
            ("[ab]?.jpg", "b1.jpg", true), ("[ab]?.jpg", "c1.jpg", false), ("", "a", false),
            ("*.PNG", "a.png", false), ("\\*.png", "*.png", true), ("ä*", "äb", true),
        ])
    func matches(pattern: String, path: BytePath, isMatch: Bool) {
        #expect(NamePattern(pattern).matches(path) == isMatch)
    }
}
