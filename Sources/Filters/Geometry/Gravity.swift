/// Which part of a larger thing stays when a smaller one is cut out, or where a smaller one is put.
enum Gravity: String, CaseIterable {
    case center, north, northeast, east, southeast, south, southwest, west, northwest

    /// The parameter that takes one.
    static let parameter = FilterParameter(
        "gravity", "the part that stays, or the side to which the image is put",
        .choice(allCases.map(\.rawValue)), default: "center")

    /// The gravity that the arguments name.
    init(_ arguments: FilterArguments) {
        self = Gravity(rawValue: arguments["gravity"]) ?? .center
    }

    /// Where `inner` begins in `outer` along the rows; odd rests leave more on the right.
    func left(of inner: Int, in outer: Int) -> Int {
        switch self {
        case .west, .northwest, .southwest: 0
        case .east, .northeast, .southeast: outer - inner
        case .center, .north, .south: (outer - inner) / 2
        }
    }

    /// Where `inner` begins in `outer` along the columns; odd rests leave more at the bottom.
    func top(of inner: Int, in outer: Int) -> Int {
        switch self {
        case .north, .northwest, .northeast: 0
        case .south, .southwest, .southeast: outer - inner
        case .center, .west, .east: (outer - inner) / 2
        }
    }
}
