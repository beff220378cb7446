internal import Glibc

/// How many images took how long, on a logarithmic axis of time, with the percentiles marked; nothing
/// for few images.
struct LatencyChart {
    let latency: Histogram

    private static let height = 150
    private static let barCapacity = 40

    /// What the names of the percentiles take at the top, above all bars.
    private static let labelHeight = 42

    var html: HTML {
        let bars = self.bars
        guard latency.count >= 10, let lower = bars.first?.lower, let upper = bars.last?.upper
        else {
            return ""
        }
        let most =
            Double(bars.map(\.count).max() ?? 1) * Double(LatencyChart.height)
            / Double(LatencyChart.height - LatencyChart.labelHeight)
        let marks = bars.map { bar -> HTML in
            let place = Axis.place(of: bar.lower, from: lower, to: upper)
            let end = Axis.place(of: bar.upper, from: lower, to: upper)
            let height = max(
                Int((Double(bar.count) / most * Double(LatencyChart.height)).rounded()), 1)
            let times = [bar.lower, bar.upper].map { Quantity.duration(nanoseconds: Int64($0)) }
            return """
                <rect class="rate" x="\(percent: place)" y="\(LatencyChart.height - height)" \
                width="\(percent: end - place)" height="\(height)">\
                <title>\(Int(bar.count)) images took \(times[0]) to \(times[1])</title></rect>
                """
        }
        return Plot(
            title: "Images by the time that each took", height: LatencyChart.height,
            x: Axis(logarithmicFrom: lower, to: upper),
            y: Axis(upTo: most, tickCount: 3, label: Axis.shortest), yTitle: "images",
            marks: "\(marks)\(percentiles(from: lower, to: upper))"
        ).html
    }

    private func percentiles(from lower: Double, to upper: Double) -> [HTML] {
        [50, 95, 99].enumerated().map { index, percent in
            let value = latency.percentile(Double(percent))
            let place = min(max(Axis.place(of: Double(value), from: lower, to: upper), 0), 1)
            let flips = place > 0.7
            return """
                <line class="mark" x1="\(percent: place)" x2="\(percent: place)" \
                y1="\(15 * index - 6)" y2="\(LatencyChart.height)"/>\
                <text class="mark" x="\(percent: place)" dx="\(flips ? -5 : 5)" \
                y="\(15 * index + 4)" text-anchor="\(flips ? "end" : "start")">\
                p\(percent) \(Quantity.duration(nanoseconds: value))</text>
                """
        }
    }

    /// Bars of equal width on the logarithmic axis, as narrow as the histogram allows but few.
    private var bars: [Bar] {
        let values = latency.nonempty.filter { $0.nanoseconds > 0 }
        guard let first = values.first, let last = values.last else { return [] }
        let octaves = log2(Double(last.nanoseconds)) - log2(Double(first.nanoseconds))
        let perOctave = [8.0, 4, 2, 1].first { octaves * $0 < Double(LatencyChart.barCapacity - 1) }
        let width = 1 / (perOctave ?? 1)
        func bar(of nanoseconds: Int64) -> Int {
            Int((log2(Double(nanoseconds)) / width).rounded(.down))
        }
        var bars = (bar(of: first.nanoseconds)...bar(of: last.nanoseconds)).map {
            Bar(lower: exp2(Double($0) * width), upper: exp2(Double($0 + 1) * width))
        }
        for value in values {
            bars[bar(of: value.nanoseconds) - bar(of: first.nanoseconds)].count += value.count
        }
        return bars
    }

    private struct Bar {
        let lower: Double
        let upper: Double
        var count: UInt64 = 0
    }
}
