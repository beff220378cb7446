/// How many images may fail before a run is ended.
public enum ErrorLimit: Hashable, Sendable {
    /// As many as fail.
    case none

    /// At most so many.
    case count(Int)

    /// At most so many of a hundred, once a hundred have ended.
    case percent(Double)

    /// Whether the counts are beyond the limit.
    func isExceeded(by counts: BatchCounts) -> Bool {
        switch self {
        case .none: false
        case .count(let limit): counts[.failed] > limit
        case .percent(let limit):
            counts.done >= 100 && Double(counts[.failed]) * 100 > limit * Double(counts.done)
        }
    }
}
