import Testing

@testable import Profiling

@Suite("The chart of latencies")
struct LatencyChartTests {
    @Test("counts every image in one of its bars", arguments: [20, 23, 31, 40])
    func countsAll(exponent: Int64) {
        var generator = SplitMix(state: 5)
        var latency = Histogram()
        for _ in 0..<1_000 {
            latency.record(
                nanoseconds: Int64.random(in: 1 << 17..<1 << exponent, using: &generator))
        }

        let bars = LatencyChart(latency: latency).html.text
            .matches(of: #/<title>(\d+) images took/#).compactMap { Int($0.1) }

        #expect(bars.reduce(0, +) == 1_000)
        #expect(bars.count <= 40)
    }

    @Test("marks the percentiles that the profile tells")
    func marksPercentiles() {
        var latency = Histogram()
        for milliseconds in Int64(1)...200 {
            latency.record(nanoseconds: milliseconds * millisecond)
        }

        let html = LatencyChart(latency: latency).html.text

        for percent in [50, 95, 99] {
            let value = Quantity.duration(nanoseconds: latency.percentile(Double(percent)))
            #expect(html.contains(">p\(percent) \(value)</text>"))
        }
    }

    @Test("is nothing for a few images")
    func isNothing() {
        var latency = Histogram()
        latency.record(nanoseconds: 5)

        #expect(LatencyChart(latency: latency).html.text.isEmpty)
    }
}
