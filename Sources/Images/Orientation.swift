/// How an image must be turned to be seen upright: the EXIF tag 0x0112 (Exif 2.32, clause 4.6.4).
///
/// Each case says where the first row and the first column of the stored pixels belong.
public enum Orientation: UInt8, Hashable, Sendable, CaseIterable {
    case topLeft = 1
    case topRight = 2
    case bottomRight = 3
    case bottomLeft = 4
    case leftTop = 5
    case rightTop = 6
    case rightBottom = 7
    case leftBottom = 8

    /// The orientation for a tag's value; values outside 1 to 8 mean that nothing is to be done.
    public init(tagValue: Int) {
        self = UInt8(exactly: tagValue).flatMap(Orientation.init(rawValue:)) ?? .topLeft
    }

    /// Whether turning exchanges width and height.
    public var exchangesSides: Bool { rawValue >= 5 }
}
