import Filters
import Images
import TestSupport
import Testing

/// What other programs computed in double precision, on a photograph and on noise: see the README
/// of Fixtures.
@Suite("The formulas as scipy and numpy compute them")
struct GoldenTests {
    static let files = Fixture.paths(in: "golden/filters")

    @Test("are what each filter gives, within its tolerance, for every sample", arguments: files)
    func agreement(file: String) throws {
        let expected = try GoldenImage.all(in: Fixture.bytes(file))
        #expect(expected.count >= 8)
        for (input, images) in Dictionary(grouping: expected, by: \.input) {
            let golden = try #require(images.first)
            let source = try image(named: input)
            let result = try filtered(source, [golden.filter], linear: golden.isLinear)
            let worst = worstDifference(of: result, from: images.map(\.reference))
            // The files' samples are rounded to 65535ths, which those of exact filters are already.
            let rounding = golden.levels == 0 ? 0 : result.white / 65535
            #expect(worst <= golden.levels + rounding + 1e-6, "\(golden.filter) on \(input)")
        }
    }

    @Test("are there for every filter of the table")
    func complete() throws {
        let found = try Self.files.map { file in
            let filter = try GoldenImage.all(in: Fixture.bytes(file)).first?.filter ?? ""
            return String(filter.prefix { $0 != ":" && $0 != "," })
        }
        #expect(Set(found) == Set(FilterTable.all.map(\.name)))
    }

    private func image(named name: String) throws -> TestImage {
        let map = try #require(PortableArbitraryMap(try Fixture.bytes("golden/\(name).pam")))
        let size = try #require(ImageSize(width: map.width, height: map.height))
        let format = try #require(
            PixelFormat(channelCount: map.channelCount, bitsPerSample: map.bitsPerSample))
        return TestImage(try #require(PixelLayout(size: size, format: format)), bytes: map.pixels)
    }

    /// The largest difference of a sample from the nearest of the references, premultiplied, in
    /// levels of the result's depth.
    private func worstDifference(of result: TestImage, from references: [ReferenceImage]) -> Double
    {
        let found = ReferenceImage(result)
        guard
            references.allSatisfy({
                $0.width == found.width && $0.height == found.height
                    && $0.channelCount == found.channelCount
            })
        else { return .infinity }
        let scale = result.white / 65535
        let all = references.map { $0.premultiplied.samples.map { $0 * scale } }
        return found.premultiplied.samples.indices.map { index in
            all.map { abs($0[index] - found.premultiplied.samples[index]) }.min() ?? 0
        }.max() ?? 0
    }
}

/// A result of a filter in a file of several, with what its comments say.
private struct GoldenImage {
    let filter: String
    let isLinear: Bool
    let input: String

    /// How much a sample may differ, in levels of the input's depth.
    let levels: Double

    /// On a scale of 65535, straight.
    let reference: ReferenceImage

    /// Reads images that follow each other, each with a header of its own.
    static func all(in bytes: [UInt8]) throws -> [GoldenImage] {
        var images: [GoldenImage] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var header: [String: String] = [:]
            var line = ""
            repeat {
                line = String(decoding: rest.prefix { $0 != 0x0A }, as: UTF8.self)
                rest = rest.dropFirst(line.utf8.count + 1)
                let words = line.split(separator: " ", maxSplits: line.hasPrefix("#") ? 2 : 1)
                header[String(words.dropLast().last ?? "")] = String(words.last ?? "")
            } while line != "ENDHDR" && !rest.isEmpty
            func number(_ key: String) throws -> Int {
                try #require(header[key].flatMap { Int($0) }, "\(key)")
            }
            let (width, height) = (try number("WIDTH"), try number("HEIGHT"))
            let channelCount = try number("DEPTH")
            let samples = Array(rest.prefix(2 * width * height * channelCount))
            rest = rest.dropFirst(samples.count)
            images.append(
                GoldenImage(
                    filter: try #require(header["filter"]), isLinear: header["linear"] == "1",
                    input: try #require(header["input"]), levels: Double(try number("levels")),
                    reference: ReferenceImage(
                        width: width, height: height, channelCount: channelCount, white: 65535
                    ) { x, y, channel in
                        let index = 2 * ((y * width + x) * channelCount + channel)
                        return Double(Int(samples[index]) << 8 | Int(samples[index + 1]))
                    }))
        }
        return images
    }
}
