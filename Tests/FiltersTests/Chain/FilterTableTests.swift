import Filters
import Testing

@Suite("The table of filters")
struct FilterTableTests {
    @Test(
        "has an example for each filter that makes a chain", arguments: FilterTable.all.map(\.name))
    func examples(name: String) throws {
        let definition = try #require(FilterTable.definition(named: name))
        #expect(try FilterChain([definition.example]).specifications == [definition.example])
        #expect(definition.example.hasPrefix(name) || name == "emboss")
        #expect(!definition.summary.isEmpty)
    }

    @Test("has each name once")
    func names() {
        #expect(Set(FilterTable.all.map(\.name)).count == FilterTable.all.count)
    }

    @Test("has defaults that are allowed", arguments: FilterTable.all.map(\.name))
    func defaults(name: String) throws {
        let definition = try #require(FilterTable.definition(named: name))
        for parameter in definition.parameters {
            #expect(!parameter.meaning.isEmpty && !parameter.allowed.isEmpty)
        }
    }

    @Test(
        "says what is wrong, with what is allowed",
        arguments: [
            ("gausian-blur:2", "unknown filter 'gausian-blur': did you mean 'gaussian-blur'?"),
            ("wobble", "unknown filter 'wobble'"),
            (
                "gaussian-blur:0",
                "filter gaussian-blur: sigma is '0': it must be a number above 0, up to 200"
            ),
            (
                "gaussian-blur:nan",
                "filter gaussian-blur: sigma is 'nan': it must be a number above 0, up to 200"
            ),
            (
                "gaussian-blur",
                "filter gaussian-blur: sigma is missing: it must be a number above 0, up to 200"
            ),
            ("median:51", "filter median: radius is '51': it must be a whole number from 1 to 50"),
            ("median:2,size=3", "filter median: unknown key 'size': it takes none"),
            (
                "unsharp:2,amout=1",
                "filter unsharp: unknown key 'amout': it takes amount, threshold"
            ),
            ("unsharp:2,amount=1,amount=2", "filter unsharp: unexpected 'amount=2'"),
            ("invert:1", "filter invert: unexpected '1'"),
            ("unsharp:2,3", "filter unsharp: unexpected '3'"),
            (
                "resize:120%",
                "filter resize: size is '120%': it must be "
                    + "above 0 % and at most 100 % without upscale=yes"
            ),
            (
                "resize:0x10",
                "filter resize: size is '0x10': it must be P%, WxH, Wx or xH"
            ),
            (
                "flip:sideways",
                "filter flip: direction is 'sideways': it must be one of horizontal, vertical"
            ),
            (
                "levels:black=0.5,white=0.5",
                "filter levels: white is '0.5': it must be above black, which is 0.5"
            ),
            (
                "pad:9x9,color=red",
                "filter pad: color is 'red': it must be "
                    + "a colour as #RRGGBB or #RRGGBBAA, white, black or transparent"
            ),
        ])
    func errors(specification: String, message: String) throws {
        let error = #expect(throws: FilterError.self) { try FilterChain([specification]) }
        #expect(error?.description == message)
    }

    /// For each parameter of each filter a value that it does not take.
    static let badParameters = FilterTable.all.flatMap { definition in
        definition.parameters.flatMap { parameter in
            badValues(of: parameter).map { (definition.name, parameter.name, $0) }
        }
    }

    private static func badValues(of parameter: FilterParameter) -> [String] {
        switch parameter.form {
        case .number(let range, let isAbove):
            [
                "\(range.upperBound + 1)", "\(range.lowerBound - (isAbove ? 0 : 1))", "much", "inf",
                "",
            ]
        case .integer(let range):
            ["\(range.upperBound + 1)", "\(range.lowerBound - 1)", "1.5", "99999999999999999999"]
        case .choice: ["no-such-word", ""]
        case .color: ["#12345", "#GGGGGG", "blue-ish"]
        case .text: ["@", ""]
        }
    }

    @Test(
        "names the filter, the key, the value and what is allowed", arguments: badParameters)
    func badParameter(name: String, key: String, value: String) throws {
        let definition = try #require(FilterTable.definition(named: name))
        let parameter = try #require(definition.parameters.first { $0.name == key })
        // What else must be given comes from the example.
        let isValue = definition.value?.name == key
        let given = definition.example.split(separator: ",")[0]
        let specification =
            isValue
            ? "\(name):\(value)"
            : (definition.value?.isRequired == true ? String(given) : name) + ",\(key)=\(value)"
        let error = #expect(throws: FilterError.self) { try FilterChain([specification]) }
        #expect(
            error?.description
                == "filter \(name): \(key) is '\(value)': it must be \(parameter.allowed)")
    }

    @Test("takes the first pair after the colon where a filter has no value")
    func pairAfterColon() throws {
        #expect(throws: Never.self) { try FilterChain(["levels:black=0.1,white=0.9"]) }
        #expect(throws: Never.self) { try FilterChain(["levels,black=0.1"]) }
    }
}
