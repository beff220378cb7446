/// Why bytes are not a deflate stream (RFC 1951), and at which bit from their start.
enum DeflateFault: Error, Equatable {
    /// The bytes end before the last block does.
    case endsEarly(byteCount: Int)

    /// A block has the reserved type 3.
    case unknownBlockType(bit: Int)

    /// The two lengths of a stored block do not agree.
    case storedLengthMismatch(bit: Int)

    /// Code lengths are too many, repeat nothing, or make no code.
    case invalidCodeLengths(bit: Int)

    /// Bits that are no code, or that stand for a length or distance that does not exist.
    case invalidCode(bit: Int)
}

extension DeflateFault: CustomStringConvertible {
    /// The clause that follows "libdeflate: ".
    var description: String {
        switch self {
        case .endsEarly(let byteCount): "its stream does not end within its \(byteCount) bytes"
        case .unknownBlockType(let bit): "its stream has a block of type 3 at bit \(bit)"
        case .storedLengthMismatch(let bit):
            "its stream has a stored block at bit \(bit) whose lengths differ"
        case .invalidCodeLengths(let bit): "its stream has code lengths at bit \(bit) of no code"
        case .invalidCode(let bit): "its stream has no code at bit \(bit)"
        }
    }
}
