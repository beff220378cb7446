import ArgumentParser
import Filters
import Pipeline

/// A number of bytes: `512M` is 512 MiB.
struct ByteSize: ExpressibleByArgument {
    let byteCount: Int

    init(byteCount: Int) { self.byteCount = byteCount }

    init?(argument: String) {
        let number = argument.prefix { $0.isASCII && $0.isNumber }
        let unit = argument.dropFirst(number.count).uppercased()
        let shifts = ["": 0, "K": 10, "M": 20, "G": 30, "T": 40]
        guard let value = Int(number), value > 0,
            let shift = shifts[unit] ?? shifts[String(unit.replacingSuffix("IB"))],
            value.leadingZeroBitCount > shift
        else { return nil }
        byteCount = value << shift
    }

    var defaultValueDescription: String { "\(byteCount >> 20)M" }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String) -> Substring {
        hasSuffix(suffix) ? dropLast(suffix.count) : self[...]
    }
}

/// A length of time: `500ms`, `10s`, `5m`, `2h`.
struct TimeLength: ExpressibleByArgument {
    let nanoseconds: Int64

    init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    init?(argument: String) {
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units = ["ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9]
        guard let value = Double(number), value > 0,
            let unit = units[String(argument.dropFirst(number.count))],
            value * unit < 1e18
        else { return nil }
        nanoseconds = Int64(value * unit)
    }

    var defaultValueDescription: String { "\(nanoseconds / 1_000_000_000)s" }
}

/// A colour: `white`, `black`, `#RRGGBB` or `#RRGGBBAA`.
struct ColorArgument: ExpressibleByArgument {
    let color: Color

    init(_ color: Color) { self.color = color }

    init?(argument: String) {
        switch argument {
        case "white": color = .white
        case "black": color = Color(red: 0, green: 0, blue: 0)
        default:
            guard let color = Color(argument) else { return nil }
            self.color = color
        }
    }

    var defaultValueDescription: String { "white" }
}

/// How many images may fail: `10`, or `5%`.
struct ErrorLimitArgument: ExpressibleByArgument {
    let limit: ErrorLimit

    init?(argument: String) {
        if argument.hasSuffix("%") {
            guard let percent = Double(argument.dropLast()), (0...100).contains(percent) else {
                return nil
            }
            limit = .percent(percent)
        } else {
            guard let count = Int(argument), count >= 0 else { return nil }
            limit = .count(count)
        }
    }
}

/// One part of several: `0/4` is the first of four.
struct ShardArgument: ExpressibleByArgument {
    let index: Int
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
            (0..<max(1, count)).contains(index)
        else { return nil }
        self.index = index
        self.count = count
    }
}
