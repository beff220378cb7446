import Profiling
import Testing

@Suite("A profile's table")
struct ProfileTableTests {
    private var profile: Profile {
        var profile = Profile()
        profile.add(
            .lane,
            [
                Step(.decode, 18 * millisecond, count: 60, byteCount: 2_000_000),
                Step(.encode, 31 * millisecond, count: 60, byteCount: 500_000),
                Step(.waitForFetched, 3 * millisecond, count: 2),
            ], idle: 54 * millisecond)
        profile.add(.io, [Step(.fetch, 250_000, count: 60, byteCount: 900_000)])
        return profile
    }

    @Test("has a heading for each kind of thread and a row for each stage")
    func hasRows() {
        let starts = profile.table().dropFirst().map { $0.prefix(18).description.trimmed }

        #expect(
            starts == [
                "1 lane, 98 % busy", "decode", "encode", "wait for fetched", "other",
                "1 I/O thread, 100", "fetch",
            ])
    }

    @Test("ends every column at the same place")
    func isAligned() throws {
        let table = profile.table()
        let heading = try #require(table.first)
        let countEnd = try #require(heading.firstRange(of: "count")?.upperBound)
        let column = heading.distance(from: heading.startIndex, to: countEnd)

        for line in table where ["  decode", "  encode", "  fetch"].contains(where: line.hasPrefix)
        {
            let end = line.index(line.startIndex, offsetBy: column)
            #expect(line[..<end].hasSuffix("60"))
            #expect(line[end] == " ")
            #expect(line.count == heading.count)
        }
    }

    @Test("shows numbers with their units")
    func showsUnits() throws {
        let row = try #require(profile.table().first { $0.contains("decode") })
        let cells = row.split(separator: "  ").map { String($0).trimmed }

        #expect(
            cells == [
                "decode", "60", "1.08 s", "36.0 %", "18.0 ms", "18.0 ms", "18.0 ms", "18.0 ms",
                "111",
            ])
    }

    @Test("has no spaces at the ends of its lines")
    func hasNoTrailingSpaces() {
        #expect(!profile.table().contains { $0.hasSuffix(" ") })
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
