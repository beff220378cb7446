import Testing

@testable import Transfer

@Suite("The hash of a file's content")
struct ContentHashTests {
    @Test(
        "is that of the standard's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func isStandard(text: String, expected: String) {
        #expect(ContentHash(of: Array(text.utf8).span).hexadecimal == expected)
    }

    @Test(
        "is the same from both implementations, whatever the padding",
        arguments: [1, 55, 56, 63, 64, 65, 119, 120, 1000])
    func isTheSame(byteCount: Int) {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }

        #expect(SHA256.hash(bytes.span) == ContentHash(of: bytes.span).words)
    }
}
