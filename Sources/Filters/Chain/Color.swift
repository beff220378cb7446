/// A colour that the command line names: encoded sRGB values with straight alpha.
public struct Color: Hashable, Sendable {
    /// Red, 0 to 255.
    public let red: UInt8

    /// Green, 0 to 255.
    public let green: UInt8

    /// Blue, 0 to 255.
    public let blue: UInt8

    /// Opacity, 255 where nothing shines through.
    public let alpha: UInt8

    /// Opaque white.
    public static let white = Color(red: 255, green: 255, blue: 255)

    /// Nothing at all: black without opacity.
    public static let transparent = Color(red: 0, green: 0, blue: 0, alpha: 0)

    /// Makes a colour from its channels.
    public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    /// Reads `#RRGGBB`, `#RRGGBBAA`, `white`, `black` or `transparent`, or gives nil.
    public init?(_ text: some StringProtocol) {
        switch text {
        case "white": self = .white
        case "black": self.init(red: 0, green: 0, blue: 0)
        case "transparent": self = .transparent
        default:
            let digits = text.dropFirst()
            guard text.first == "#", digits.count == 6 || digits.count == 8,
                digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16)
            else { return nil }
            let rgba = digits.count == 8 ? value : value << 8 | 0xFF
            self.init(
                red: UInt8(truncatingIfNeeded: rgba >> 24),
                green: UInt8(truncatingIfNeeded: rgba >> 16),
                blue: UInt8(truncatingIfNeeded: rgba >> 8), alpha: UInt8(truncatingIfNeeded: rgba))
        }
    }
}
