internal import Glibc

/// Numbers with units as people read them: three digits that count, then the unit.
public enum Quantity {
    /// A duration as in `850 ns`, `18.2 ms`, `2.31 s`, `12 min 5 s`.
    public static func duration(nanoseconds: Int64) -> String {
        let value = Double(nanoseconds)
        return switch value {
        case ..<999.5: "\(nanoseconds) ns"
        case ..<999.5e3: "\(threeDigits(value / 1e3)) µs"
        case ..<999.5e6: "\(threeDigits(value / 1e6)) ms"
        case ..<119.95e9: "\(threeDigits(value / 1e9)) s"
        default: minutes(seconds: Int64((value / 1e9).rounded()))
        }
    }

    /// A date and a time of day, as in `2026-11-22 08:38 UTC`.
    ///
    /// - Parameter seconds: since the beginning of 1970.
    /// - Returns: the text; `–` for a moment that no calendar has.
    public static func date(secondsSince1970 seconds: Int) -> String {
        var moment = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe gmtime_r(&moment, &parts) != nil else { return "–" }
        let numbers = unsafe [
            Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
            Int(parts.tm_hour), Int(parts.tm_min),
        ]
        let digits = numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }
        return digits[0...2].joined(separator: "-") + " \(digits[3]):\(digits[4]) UTC"
    }

    /// A number of bytes in powers of 1024 as in `231 MiB`.
    public static func binary(byteCount: Int64) -> String {
        scaled(Double(byteCount), by: 1024, units: ["B", "KiB", "MiB", "GiB", "TiB"])
    }

    /// A number of bytes in powers of 1000 as in `231 MB`.
    public static func decimal(byteCount: Int64) -> String {
        scaled(Double(byteCount), by: 1000, units: ["B", "kB", "MB", "GB", "TB"])
    }

    /// A number of things as in `20,000`.
    public static func count(_ count: Int) -> String {
        let digits = Array(String(count.magnitude))
        let grouped = digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digits[index])
        }
        return count < 0 ? "-" + grouped : grouped
    }

    /// A part of a whole as in `61 %` or, with one digit, `61.2 %`.
    public static func percent(_ share: Double, digits: Int = 0) -> String {
        fixed(share * 100, digits: digits) + " %"
    }

    /// A number with three digits that count, and no exponent, as in `0.125`, `18.2`, `1450`.
    public static func threeDigits(_ value: Double) -> String {
        switch abs(value) {
        case ..<0.9995: fixed(value, digits: 3)
        case ..<9.995: fixed(value, digits: 2)
        case ..<99.95: fixed(value, digits: 1)
        default: fixed(value, digits: 0)
        }
    }

    /// A number rounded to `digits` digits after the point; `–` if it is not finite.
    public static func fixed(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        guard let scaled = Int64(exactly: (abs(value) * scale).rounded()) else { return "–" }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let text = String(repeating: "0", count: digits) + "\(scaled)"
        let whole = text.dropLast(digits).drop { $0 == "0" }
        return "\(sign)\(whole.isEmpty ? "0" : String(whole)).\(text.suffix(digits))"
    }

    private static func minutes(seconds: Int64) -> String {
        seconds < 7200
            ? "\(seconds / 60) min \(seconds % 60) s"
            : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }

    private static func scaled(_ value: Double, by step: Double, units: [String]) -> String {
        var value = value
        var unit = 0
        while value >= step - 0.5, unit + 1 < units.count {
            value /= step
            unit += 1
        }
        return "\(unit == 0 ? fixed(value, digits: 0) : threeDigits(value)) \(units[unit])"
    }
}
