import Foundation
import Profiling
import Testing

@Suite("A JSON writer")
struct JSONWriterTests {
    @Test("puts commas between values and none elsewhere")
    func separates() {
        var json = JSONWriter()
        json.beginObject()
        json.key("sizes")
        json.beginArray()
        json.value(1)
        json.value(2.5)
        json.beginObject()
        json.endObject()
        json.endArray()
        json.key("ok")
        json.value(true)
        json.key("error")
        json.value(Double.nan)
        json.endObject()
        json.endLine()
        json.beginObject()
        json.endObject()

        #expect(json.text == "{\"sizes\":[1,2.5,{}],\"ok\":true,\"error\":null}\n{}")
    }

    @Test(
        "gives every string back through another parser",
        arguments: [
            "", "a \"b\" \\ c", "tab\t line\n return\r", "\u{0}\u{1}\u{1F}\u{7F}", "日本 🖼 é",
            "</script>",
        ])
    func escapes(string: String) throws {
        var json = JSONWriter()
        json.beginArray()
        json.value(string)
        json.endArray()

        let parsed = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String]

        #expect(parsed == [string])
    }

    @Test("writes null for a number that JSON cannot express", arguments: [Double.nan, .infinity])
    func notFinite(number: Double) {
        var json = JSONWriter()
        json.value(number)

        #expect(json.text == "null")
    }

    @Test("writes every digit of the largest and the smallest integers")
    func extremes() {
        var json = JSONWriter()
        json.beginArray()
        for number in [0, 7, 10, .max, .min] as [Int] { json.value(number) }
        json.value(UInt64.max)
        json.endArray()

        #expect(
            json.text
                == "[0,7,10,9223372036854775807,-9223372036854775808,18446744073709551615]")
    }

    @Test("writes hexadecimal digits with their leading zeros")
    func hexadecimal() {
        var json = JSONWriter()
        json.beginArray()
        json.value(hexadecimal: 0x0123_4567_89AB_CDEF)
        json.value(hexadecimal: SIMD8(0, 1, 2, 3, 4, 5, 6, 0xFEDC_BA98))
        json.endArray()

        #expect(
            json.text == """
                ["0123456789abcdef",\
                "000000000000000100000002000000030000000400000005\
                00000006fedcba98"]
                """)
    }

    @Test(
        "writes nanoseconds as microseconds without loss",
        arguments: [
            (0, "0.000"), (7, "0.007"), (1_000, "1.000"),
            (
                1_234_567_890_123_456_789,
                "1234567890123456.789"
            ), (-1_050, "-1.050"), (.min, "-9223372036854775.808"),
        ] as [(Int64, String)])
    func microseconds(nanoseconds: Int64, text: String) {
        var json = JSONWriter()
        json.microseconds(nanoseconds: nanoseconds)

        #expect(json.text == text)
    }
}
