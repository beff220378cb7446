import SystemCalls
import Testing

@testable import Pipeline

@Suite("A stable hash")
struct StableHashTests {
    /// FNV-1a of these is 0xCBF29CE484222325 and 0xAF63DC4C8601EC8C
    /// (draft-eastlake-fnv, appendix C); the values are those behind MurmurHash3's finish.
    @Test(
        "has the values that every release must give",
        arguments: [
            ("", "efd01f60ba992926"), ("a", "82a2a958a9bece5b"),
            ("photos/a.png", "88968616eaac107f"),
        ])
    func hasKnownValues(text: String, hexadecimal: String) {
        #expect(StableHash(Array(text.utf8)).hexadecimal == hexadecimal)
    }

    @Test("always has 16 digits")
    func hasSixteenDigits() {
        let lengths = (0..<1000).map { StableHash(Array("\($0)".utf8)).hexadecimal.count }

        #expect(Set(lengths) == [16])
    }

    @Test("differs between names that differ in one bit")
    func differs() {
        let hashes = (0..<8).map { StableHash([0x61 ^ 1 << $0]) }

        #expect(Set(hashes).count == 8)
    }
}

@Suite("A shard")
struct ShardTests {
    @Test(
        "has an index below the number of parts",
        arguments: [(0, 1, true), (3, 4, true), (4, 4, false), (-1, 4, false), (0, 0, false)])
    func isChecked(index: Int, count: Int, isValid: Bool) {
        #expect((Shard(index: index, count: count) != nil) == isValid)
    }

    @Test("has its fair part of many names")
    func isFair() throws {
        let shard = try #require(Shard(index: 1, count: 4))

        let mine = (0..<4000).count { shard.contains(BytePath("photos/\($0).jpg") ?? BytePath()) }

        #expect((900...1100).contains(mine))
    }
}
