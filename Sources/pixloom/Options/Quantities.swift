import Filters
import Pipeline
import SystemCalls

/// A number of bytes: `512M` is 512 MiB, `80%` a part of the memory that this process may use.
struct ByteSize: Grammar {
    static let grammar = "a size such as 512M, 2G or 80%"

    let byteCount: Int

    init(byteCount: Int) { self.byteCount = byteCount }

    init?(_ argument: String) {
        if argument.hasSuffix("%") {
            guard let percent = Double(argument.dropLast()), percent > 0, percent <= 100 else {
                return nil
            }
            byteCount = max(1, Int(Double(Machine.allowedMemoryByteCount) * percent / 100))
            return
        }
        let number = argument.prefix { $0.isASCII && $0.isNumber }
        let unit = argument.dropFirst(number.count).uppercased()
        let shifts = ["": 0, "K": 10, "M": 20, "G": 30, "T": 40]
        guard let value = Int(number), value > 0,
            let shift = shifts[unit] ?? shifts[String(unit.replacingSuffix("IB"))],
            value.leadingZeroBitCount > shift
        else { return nil }
        byteCount = value << shift
    }

    var description: String { "\(byteCount >> 20)M" }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String) -> Substring {
        hasSuffix(suffix) ? dropLast(suffix.count) : self[...]
    }
}

/// A length of time: `500ms`, `10s`, `5m`, `2h`.
struct TimeLength: Grammar {
    static let grammar = "a time such as 500ms, 10s, 5m or 2h"

    let nanoseconds: Int64

    init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    init?(_ argument: String) {
        let number = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units = ["ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9]
        guard let value = Double(number), value > 0,
            let unit = units[String(argument.dropFirst(number.count))],
            value * unit < 1e18
        else { return nil }
        nanoseconds = Int64(value * unit)
    }

    var description: String { "\(nanoseconds / 1_000_000_000)s" }
}

/// A colour: `white`, `black`, `#RRGGBB` or `#RRGGBBAA`.
struct ColorArgument: Grammar {
    static let grammar = "white, black, #RRGGBB or #RRGGBBAA"
    static let white = ColorArgument(color: .white, description: "white")

    let color: Color
    let description: String

    private init(color: Color, description: String) {
        self.color = color
        self.description = description
    }

    init?(_ argument: String) {
        guard let color = Color(argument) else { return nil }
        self.init(color: color, description: argument)
    }
}

/// How many images may fail: `10`, or `5%`.
struct ErrorLimitArgument: Grammar {
    static let grammar = "a number of images, or a part such as 5%"

    let description: String
    let limit: ErrorLimit

    init?(_ argument: String) {
        description = argument
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
struct ShardArgument: Grammar {
    static let grammar = "I/N with I from 0 to N-1, such as 0/4"

    let index: Int
    let count: Int

    var description: String { "\(index)/\(count)" }

    init?(_ argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
            (0..<max(1, count)).contains(index)
        else { return nil }
        self.index = index
        self.count = count
    }
}
