internal import Glibc

/// Where an axis has its ticks and what they are called.
struct Axis {
    /// A place on the axis from 0 to 1, and its label.
    struct Tick {
        let place: Double
        let label: String
    }

    let ticks: [Tick]

    /// A linear axis from 0 to `maximum`, in steps of 1, 2 or 5.
    init(upTo maximum: Double, tickCount: Int = 4, label: (Double) -> String) {
        let step = Axis.step(atLeast: maximum / Double(tickCount))
        guard maximum > 0, step > 0 else {
            ticks = [Tick(place: 0, label: label(0))]
            return
        }
        ticks = (0...Int(maximum / step * 1.000_001)).map {
            Tick(place: Double($0) * step / maximum, label: label(Double($0) * step))
        }
    }

    /// A linear axis of time from 0 to `nanoseconds`.
    init(timeUpTo nanoseconds: Int64) {
        let (unit, name) = Axis.unit(for: Double(nanoseconds))
        self.init(upTo: Double(nanoseconds) / unit) { "\(Axis.shortest($0)) \(name)" }
    }

    /// A logarithmic axis of durations, with ticks at 1, 2 and 5 times powers of ten, or at the
    /// powers alone where those are many.
    init(logarithmicFrom lower: Double, to upper: Double) {
        let decades = (0...15).map { Axis.power($0) }
        var values = decades.flatMap { [$0, 2 * $0, 5 * $0] }.filter {
            (lower...upper).contains($0)
        }
        if values.count > 6 { values = decades.filter { (lower...upper).contains($0) } }
        ticks = values.map { value in
            let (unit, name) = Axis.unit(for: value)
            return Tick(
                place: Axis.place(of: value, from: lower, to: upper),
                label: "\(Axis.shortest(value / unit)) \(name)")
        }
    }

    /// Where `value` is between `lower` and `upper` on a logarithmic axis.
    static func place(of value: Double, from lower: Double, to upper: Double) -> Double {
        (log2(value) - log2(lower)) / (log2(upper) - log2(lower))
    }

    /// A number without needless digits, as in `0.25`, `20`.
    static func shortest(_ value: Double) -> String {
        let digits = (0...3).first { digits in
            let scaled = value * power(digits)
            return abs(scaled - scaled.rounded()) < 1e-6 * max(abs(scaled), 1)
        }
        return Quantity.fixed(value, digits: digits ?? 3)
    }

    /// The least number of 1, 2 or 5 times a power of ten that is at least `minimum`.
    static func step(atLeast minimum: Double) -> Double {
        guard minimum.isFinite, minimum > 0 else { return 0 }
        var decade = 1.0
        while decade > minimum { decade /= 10 }
        while decade * 10 <= minimum { decade *= 10 }
        return [1, 2, 5, 10].map { $0 * decade }.first { $0 >= minimum } ?? 10 * decade
    }

    private static func unit(for nanoseconds: Double) -> (nanoseconds: Double, name: String) {
        switch nanoseconds {
        case ..<1e3: (1, "ns")
        case ..<1e6: (1e3, "µs")
        case ..<1e9: (1e6, "ms")
        case ..<300e9: (1e9, "s")
        case ..<7200e9: (60e9, "min")
        default: (3600e9, "h")
        }
    }

    private static func power(_ exponent: Int) -> Double {
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }
}
