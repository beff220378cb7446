import Testing

@testable import Profiling

@Suite("The bars of stages")
struct StageBarsTests {
    @Test("are as long as the shares are large")
    func areProportional() {
        var profile = Profile()
        profile.add(.lane, [Step(.decode, second), Step(.encode, 3 * second)])

        let html = StageBars(profile: profile).html.text

        #expect(html.contains("<h3>1 lane, <b>100 %</b> busy</h3>"))
        #expect(html.contains("class=\"decode\" width=\"25.000%\""))
        #expect(html.contains("class=\"encode\" width=\"75.000%\""))
    }

    @Test("have a table with the numbers of every stage")
    func haveTable() {
        var profile = Profile()
        profile.add(.io, [Step(.fetch, 2 * millisecond, count: 1_500, byteCount: 1_000_000)])

        let html = StageTable(profile: profile).html.text

        #expect(html.contains("fetch</th><td>1,500</td><td>3.00 s</td><td>2.00 ms</td>"))
        #expect(html.contains("<td>500</td></tr>"))
    }
}
