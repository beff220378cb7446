/// A rate over the time of the run, such as images/s, as bars.
struct RateChart {
    let bins: TimeBins
    let channel: RunHistory.Channel
    let wallNanoseconds: Int64

    /// The unit of the rate, as in `MB/s`.
    let unit: String

    /// What one of the bins' units is in that of the rate, as in 10⁻⁶ for bytes.
    let scale: Double

    private static let height = 120
    private static let imagesPerBar: Int64 = 8
    private static let barCapacity: Int64 = 96

    var html: HTML {
        let bars = self.bars
        guard let most = bars.map(\.rate).max(), most > 0 else { return "" }
        let top = most * 1.05
        let marks = bars.map { bar -> HTML in
            let height = Int((bar.rate / top * Double(RateChart.height)).rounded())
            let time = Quantity.duration(nanoseconds: bar.start)
            return """
                <rect class="rate" x="\(percent: bar.place)" y="\(RateChart.height - height)" \
                width="\(percent: bar.width)" height="\(height)">\
                <title>\(Quantity.threeDigits(bar.rate)) \(unit) from \(time)</title></rect>
                """
        }
        return Plot(
            title: "\(unit) over the time of the run", height: RateChart.height,
            x: Axis(timeUpTo: wallNanoseconds),
            y: Axis(upTo: top, tickCount: 3, label: Axis.shortest), yTitle: unit, marks: "\(marks)"
        ).html
    }

    /// Bars so wide that each stands for some images, and a last one that is not narrow; none if
    /// they would be few.
    private var bars: [Bar] {
        let binCount = bins.binCount(upTo: wallNanoseconds)
        let images = sum(.images, in: 0..<binCount)
        let count = Int(min(images / RateChart.imagesPerBar, RateChart.barCapacity))
        guard count >= 4, binCount >= count else { return [] }
        return (0..<count).map { index in
            let range = index * binCount / count..<(index + 1) * binCount / count
            let start = Int64(range.lowerBound) * bins.width
            let end = min(Int64(range.upperBound) * bins.width, wallNanoseconds)
            return Bar(
                start: start, place: ratio(start, wallNanoseconds),
                width: ratio(end - start, wallNanoseconds),
                rate: Double(sum(channel, in: range)) * scale / (Double(max(end - start, 1)) / 1e9))
        }
    }

    private func sum(_ channel: RunHistory.Channel, in range: Range<Int>) -> Int64 {
        range.reduce(0) { $0 + bins.amount(inBin: $1, channel: channel.rawValue) }
    }

    private struct Bar {
        let start: Int64
        let place: Double
        let width: Double
        let rate: Double
    }
}
