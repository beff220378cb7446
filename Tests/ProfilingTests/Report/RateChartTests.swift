import Testing

@testable import Profiling

@Suite("The chart of a rate")
struct RateChartTests {
    @Test("has bars whose rates times their widths are all images")
    func keepsImages() {
        let html = chart(imageCount: 800, over: 10 * second)
        let bars = html.matches(of: #/width="([0-9.]+)%" height="\d+"><title>([0-9.]+) images/s/#)

        let images = bars.reduce(0.0) { sum, bar in
            sum + (Double(bar.1) ?? 0) / 100 * 10 * (Double(bar.2) ?? 0)
        }

        #expect(bars.count == 96)
        #expect(abs(images - 800) < 8)
    }

    @Test("reaches from the run's beginning to its end")
    func fillsWidth() {
        let html = chart(imageCount: 100, over: 7 * second)
        let widths = html.matches(of: #/width="([0-9.]+)%"/#).compactMap { Double($0.1) }

        #expect(abs(widths.reduce(0, +) - 100) < 0.1)
    }

    @Test("is nothing for a few images")
    func isNothing() {
        #expect(chart(imageCount: 20, over: second).isEmpty)
    }

    private func chart(imageCount: Int64, over wall: Int64) -> String {
        var history = RunHistory()
        for index in 0..<imageCount {
            history.add(
                ReportedImage(source: "a.png"), endedAt: (2 * index + 1) * wall / imageCount / 2)
        }
        return RateChart(
            bins: history.ended, channel: .images, wallNanoseconds: wall, unit: "images/s", scale: 1
        ).html.text
    }
}
