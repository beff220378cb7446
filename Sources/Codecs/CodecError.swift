public import Images
public import Profiling

/// The reason why a file could not be probed, decoded or encoded, by whose fault it is.
public enum CodecError: Error, Equatable {
    /// The file breaks the rules of its format; what is wrong, with the chunk or marker, the offset
    /// and the numbers of both sides.
    case malformed(ImageFormat, String)

    /// The file is right, but of a kind that is not read here.
    case unsupported(ImageFormat, String)

    /// The first bytes are of no known format.
    case unknownFormat

    /// The format needs a library that this build does not have.
    case libraryMissing(ImageFormat, library: String)

    /// The image has more pixels than allowed.
    case pixelLimitExceeded(ImageSize, limit: Int)

    /// The format cannot hold an image of this size.
    case tooLargeToEncode(ImageFormat, ImageSize, largestSide: Int)

    /// The library ran out of memory or failed in a way that is not the file's fault.
    case libraryFailed(String)

    /// The work was stopped before its end.
    case interrupted(Interruption)
}

extension CodecError: CustomStringConvertible {
    /// The clause that follows "cannot decode a.png: ".
    public var description: String {
        switch self {
        case .malformed(_, let reason): reason
        case .unsupported(let format, let what): "\(what) is not supported in \(format.rawValue)"
        case .unknownFormat: "its first bytes are of no known image format"
        case .libraryMissing(_, let library): "built without \(library)"
        case .pixelLimitExceeded(let size, let limit):
            "\(size) is \(size.pixelCount) pixels, \(limit) are allowed; raise --max-pixels"
        case .tooLargeToEncode(let format, let size, let largestSide):
            "\(format.rawValue) holds at most \(largestSide) pixels a side, the image is \(size)"
        case .libraryFailed(let message): message
        case .interrupted(.deadlinePassed): "it took longer than --timeout allows"
        case .interrupted(.cancelled): "the run was stopped"
        }
    }
}
