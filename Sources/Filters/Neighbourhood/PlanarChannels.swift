/// Eight neighbouring pixels, one vector for each channel.
protocol PlanarChannels {
    /// The channels of one row.
    associatedtype Cursor: PlanarCursor

    static var zero: Self { get }
    init(_ row: Cursor, at x: Int)

    /// The squared Euclidean distance of the colours.
    func squaredDistance(to other: Self) -> SIMD8<Float>
    mutating func add(_ pixels: Self, times weight: SIMD8<Float>)
    func write(dividedBy total: SIMD8<Float>, to planes: Row<Float>, at x: Int, pitch: Int)
}

protocol PlanarCursor {
    init(_ planes: PlanarRows, _ y: Int)
}

extension PlanarChannels {
    @inline(__always)
    init(_ planes: PlanarRows, _ y: Int, at x: Int) {
        self.init(Cursor(planes, y), at: x)
    }
}

/// `gray8`, `gray16`.
struct OneChannel: PlanarChannels {
    struct Cursor: PlanarCursor {
        let gray: Row<Float>
        @inline(__always)
        init(_ planes: PlanarRows, _ y: Int) { gray = planes[y, 0] }
    }

    private var gray: SIMD8<Float>

    static var zero: OneChannel { OneChannel(gray: SIMD8(repeating: 0)) }

    private init(gray: SIMD8<Float>) { self.gray = gray }

    @inline(__always)
    init(_ row: Cursor, at x: Int) { gray = row.gray.vector(at: x) }

    @inline(__always)
    func squaredDistance(to other: OneChannel) -> SIMD8<Float> {
        let difference = gray - other.gray
        return difference * difference
    }

    @inline(__always)
    mutating func add(_ pixels: OneChannel, times weight: SIMD8<Float>) {
        gray += pixels.gray * weight
    }

    @inline(__always)
    func write(dividedBy total: SIMD8<Float>, to planes: Row<Float>, at x: Int, pitch: Int) {
        planes.store(gray / total, at: x)
    }
}

/// `rgb8`, `rgb16`.
struct ThreeChannels: PlanarChannels {
    struct Cursor: PlanarCursor {
        let red: Row<Float>
        let green: Row<Float>
        let blue: Row<Float>
        @inline(__always)
        init(_ planes: PlanarRows, _ y: Int) {
            red = planes[y, 0]
            green = planes[y, 1]
            blue = planes[y, 2]
        }
    }

    private var red: SIMD8<Float>
    private var green: SIMD8<Float>
    private var blue: SIMD8<Float>

    static var zero: ThreeChannels {
        let zero = SIMD8<Float>(repeating: 0)
        return ThreeChannels(red: zero, green: zero, blue: zero)
    }

    private init(red: SIMD8<Float>, green: SIMD8<Float>, blue: SIMD8<Float>) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    @inline(__always)
    init(_ row: Cursor, at x: Int) {
        red = row.red.vector(at: x)
        green = row.green.vector(at: x)
        blue = row.blue.vector(at: x)
    }

    @inline(__always)
    func squaredDistance(to other: ThreeChannels) -> SIMD8<Float> {
        let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
        return r * r + g * g + b * b
    }

    @inline(__always)
    mutating func add(_ pixels: ThreeChannels, times weight: SIMD8<Float>) {
        red += pixels.red * weight
        green += pixels.green * weight
        blue += pixels.blue * weight
    }

    @inline(__always)
    func write(dividedBy total: SIMD8<Float>, to planes: Row<Float>, at x: Int, pitch: Int) {
        planes.store(red / total, at: x)
        planes.store(green / total, at: pitch &+ x)
        planes.store(blue / total, at: 2 &* pitch &+ x)
    }
}

/// Colour channels with alpha, which is averaged as they are but does not make colours unlike.
struct WithAlpha<Colors: PlanarChannels, AlphaPlane: AlphaPlace>: PlanarChannels {
    struct Cursor: PlanarCursor {
        let colors: Colors.Cursor
        let alpha: Row<Float>
        @inline(__always)
        init(_ planes: PlanarRows, _ y: Int) {
            colors = Colors.Cursor(planes, y)
            alpha = planes[y, AlphaPlane.index]
        }
    }

    private var colors: Colors
    private var alpha: SIMD8<Float>

    static var zero: WithAlpha { WithAlpha(colors: .zero, alpha: SIMD8(repeating: 0)) }

    private init(colors: Colors, alpha: SIMD8<Float>) {
        self.colors = colors
        self.alpha = alpha
    }

    @inline(__always)
    init(_ row: Cursor, at x: Int) {
        colors = Colors(row.colors, at: x)
        alpha = row.alpha.vector(at: x)
    }

    @inline(__always)
    func squaredDistance(to other: WithAlpha) -> SIMD8<Float> {
        colors.squaredDistance(to: other.colors)
    }

    @inline(__always)
    mutating func add(_ pixels: WithAlpha, times weight: SIMD8<Float>) {
        colors.add(pixels.colors, times: weight)
        alpha += pixels.alpha * weight
    }

    @inline(__always)
    func write(dividedBy total: SIMD8<Float>, to planes: Row<Float>, at x: Int, pitch: Int) {
        colors.write(dividedBy: total, to: planes, at: x, pitch: pitch)
        planes.store(alpha / total, at: AlphaPlane.index &* pitch &+ x)
    }
}

/// Which channel alpha is.
protocol AlphaPlace { static var index: Int { get } }
enum SecondChannel: AlphaPlace { static var index: Int { 1 } }
enum FourthChannel: AlphaPlace { static var index: Int { 3 } }

typealias GrayWithAlpha = WithAlpha<OneChannel, SecondChannel>
typealias ColorsWithAlpha = WithAlpha<ThreeChannels, FourthChannel>
