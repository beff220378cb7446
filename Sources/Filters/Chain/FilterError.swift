internal import Images
public import Profiling

/// Why a chain can't be made or run.
public enum FilterError: Error, Equatable {
    /// The caller's fault: no filter has this name.
    case unknownFilter(name: String, nearest: String?)

    /// The caller's fault: the filter has no such key.
    case unknownKey(filter: String, key: String, known: [String])

    /// The caller's fault: a key that appears twice, or a value for a filter that takes none.
    case unexpectedArgument(filter: String, argument: String)

    /// The caller's fault: a filter without its value.
    case missingArgument(filter: String, key: String, allowed: String)

    /// The caller's fault: a value that isn't allowed.
    case invalidArgument(filter: String, key: String, value: String, allowed: String)

    /// The policy: a result larger than allowed, in pixels.
    case pixelLimitExceeded(filter: String, pixelCount: Int, limit: Int)

    /// The image doesn't fit what is asked for: the part to cut out lies partly outside of it.
    case outsideImage(filter: String, region: String, size: String)

    /// The run was stopped: the time limit passed, or everything is being ended.
    case interrupted(Interruption)
}

extension FilterError: CustomStringConvertible {
    /// One line in lower case: what could not be done, with which values, what is allowed.
    public var description: String {
        switch self {
        case .unknownFilter(let name, let nearest):
            "unknown filter '\(name)'" + (nearest.map { ": did you mean '\($0)'?" } ?? "")
        case .unknownKey(let filter, let key, let known):
            "filter \(filter): unknown key '\(key)'"
                + (known.isEmpty
                    ? ": it takes none" : ": it takes \(known.joined(separator: ", "))")
        case .unexpectedArgument(let filter, let argument):
            "filter \(filter): unexpected '\(argument)'"
        case .missingArgument(let filter, let key, let allowed):
            "filter \(filter): \(key) is missing: it must be \(allowed)"
        case .invalidArgument(let filter, let key, let value, let allowed):
            "filter \(filter): \(key) is '\(value)': it must be \(allowed)"
        case .pixelLimitExceeded(let filter, let pixelCount, let limit):
            "filter \(filter): its result would have \(pixelCount) pixels: \(limit) are allowed"
        case .outsideImage(let filter, let region, let size):
            "filter \(filter): \(region) is not inside the image of \(size)"
        case .interrupted(.deadlinePassed):
            "the time limit has passed"
        case .interrupted(.cancelled):
            "the run was cancelled"
        }
    }
}
