import Testing

@testable import Profiling

@Suite("The timeline of lanes")
struct LaneTimelineTests {
    @Test("draws a stage in the bins that it was in")
    func drawsStages() {
        var history = RunHistory()
        history.addLane(named: "lane 0")
        history.add(.decode, lane: 0, from: 0, to: 30 * millisecond)
        history.add(.encode, lane: 0, from: 30 * millisecond, to: 100 * millisecond)

        let html = LaneTimeline(history: history, wallNanoseconds: 100 * millisecond).html.text

        #expect(html.contains("viewBox=\"0 0 100.000 100\""))
        #expect(html.contains("class=\"decode\" d=\"M0 0h30v100h-30z\""))
        #expect(html.contains("class=\"encode\" d=\"M30 0h70v100h-70z\""))
        #expect(html.contains("<title>lane 0: encode 70.0 % of the run</title>"))
    }

    @Test("stacks the stages of one bin, the first at the bottom")
    func stacks() {
        var history = RunHistory()
        history.addLane(named: "lane 0")
        history.add(.decode, lane: 0, from: 0, to: 250_000)
        history.add(.encode, lane: 0, from: 250_000, to: 750_000)

        let html = LaneTimeline(history: history, wallNanoseconds: millisecond).html.text

        #expect(html.contains("class=\"decode\" d=\"M0 75h1v25h-1z\""))
        #expect(html.contains("class=\"encode\" d=\"M0 25h1v50h-1z\""))
    }

    @Test("is nothing without lanes or time")
    func isNothing() {
        #expect(LaneTimeline(history: RunHistory(), wallNanoseconds: 5).html.text.isEmpty)
    }
}
