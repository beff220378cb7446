public import SystemCalls

/// Why a name can't be that of an output.
public enum BadName: Hashable, Sendable {
    /// It has no byte.
    case empty

    /// It begins at the root.
    case absolute

    /// This component, which is empty, "." or "..", is no name of a file or folder.
    case component(BytePath)

    /// One of its components has more bytes than file systems hold.
    case componentTooLong(byteCount: Int, limit: Int)
}

extension BadName: CustomStringConvertible {
    /// The clause that follows "cannot store ../a.png: ".
    public var description: String {
        switch self {
        case .empty: "the name is empty"
        case .absolute: "the name begins with a slash; outputs lie below the output folder"
        case .component(let component) where component.isEmpty:
            "the name has nothing between two slashes or after the last"
        case .component(let component): "the name has the component \"\(component)\""
        case .componentTooLong(let byteCount, let limit):
            "the name has a component of \(byteCount) bytes, \(limit) are allowed"
        }
    }
}
