import Foundation
import Profiling
import Testing

@Suite("A JSON value")
struct JSONValueTests {
    @Test(
        "is read with its kind",
        arguments: [
            ("null", .null), (" true ", .boolean(true)), ("false", .boolean(false)),
            ("0", .integer(0)), ("-12", .integer(-12)),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(0x1p63)),
            ("0.25", .number(0.25)), ("-1.5e3", .number(-1500)), ("1E2", .number(100)),
            ("\"a\"", .string("a")), ("[]", .array([])), ("{}", .object([])),
            ("[1,[\"x\"]]", .array([.integer(1), .array([.string("x")])])),
            (
                "{ \"a\" : 1 , \"b\" : {} }",
                .object([
                    .init(name: "a", value: .integer(1)), .init(name: "b", value: .object([])),
                ])
            ),
        ] as [(String, JSONValue)])
    func kinds(text: String, value: JSONValue) {
        #expect(JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(
        "has its escapes undone",
        arguments: [
            (#""\"\\\/""#, "\"\\/"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
            (#""é \u00e9 \u00E9""#, "é é é"), (#""\ud83d\uDDBC 🖼""#, "🖼 🖼"),
            (#""\u0000""#, "\u{0}"),
        ])
    func escapes(text: String, string: String) {
        #expect(JSONValue(parsing: Array(text.utf8))?.string == string)
    }

    @Test(
        "is nil where the text is not JSON",
        arguments: [
            "", " ", "nul", "truefalse", "01", "-", "1.", ".5", "1e", "+1", "1e999", "NaN", "'a'",
            "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u123g\"", "\"\\ud800\"",
            "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "[", "[1", "[1,", "[1,]", "[1 2]", "{",
            "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{} {}", "]",
        ])
    func rejects(text: String) {
        #expect(JSONValue(parsing: Array(text.utf8)) == nil)
    }

    @Test("is nil where a string is not UTF-8")
    func rejectsOtherEncodings() {
        #expect(JSONValue(parsing: [0x22, 0xE9, 0x22]) == nil)
    }

    @Test("is nil where arrays lie deeper than the stack should", arguments: [64, 65, 1_000_000])
    func boundsDepth(depth: Int) {
        let text =
            [UInt8](repeating: UInt8(ascii: "["), count: depth)
            + [UInt8](repeating: UInt8(ascii: "]"), count: depth)

        #expect((JSONValue(parsing: text) == nil) == (depth > 64))
    }

    @Test("gives what the writer wrote")
    func readsTheWriter() {
        let awkward = "\u{0}\u{1F}\"\\\u{7F}\n日本 🖼 é"
        var json = JSONWriter()
        json.beginObject()
        json.key(awkward)
        json.beginArray()
        json.value(awkward)
        json.value(Int64.min + 1)
        json.value(0.1)
        json.value(Double.nan)
        json.endArray()
        json.endObject()

        #expect(
            JSONValue(parsing: json.bytes)
                == .object([
                    .init(
                        name: awkward,
                        value: .array([
                            .string(awkward), .integer(.min + 1), .number(0.1), .null,
                        ]))
                ]))
    }

    @Test("is nil, not a crash, for every part of a line and every damage to it")
    func survivesDamage() {
        let line = Array(
            #"{"source":"a \"b\" \u00e9\ud83d\uddbc.png","n":[1,-2.5e3,null,true],"s":{"x":0}}"#
                .utf8)
        for length in 0..<line.count {
            #expect(JSONValue(parsing: line[..<length]) == nil)
        }
        for index in line.indices {
            for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0xFF] {
                var damaged = line
                damaged[index] = byte
                _ = JSONValue(parsing: damaged)
            }
        }
    }

    @Test("tells its members, and nothing of a kind that it is not")
    func access() {
        let value = JSONValue(
            parsing: Array(#"{"a":"x","b":2,"c":2.5,"d":3.0,"e":[true],"a":"y"}"#.utf8))

        #expect(value?["a"]?.string == "x")
        #expect(value?["b"]?.integer == 2 && value?["b"]?.number == 2)
        #expect(value?["c"]?.integer == nil && value?["c"]?.number == 2.5)
        #expect(value?["d"]?.integer == 3)
        #expect(value?["e"]?.elements.first?.boolean == true)
        #expect(value?["missing"] == nil && value?["a"]?["b"] == nil)
        #expect(value?["a"]?.number == nil && value?["b"]?.string == nil)
        #expect(value?.members.count == 6 && value?.elements.isEmpty == true)
    }
}
