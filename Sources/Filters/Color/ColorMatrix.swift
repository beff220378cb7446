/// Three weighted sums of red, green and blue.
struct ColorMatrix: Sendable {
    private let red: SIMD3<Float>
    private let green: SIMD3<Float>
    private let blue: SIMD3<Float>

    /// The weights of the source's red, green and blue in each channel of the result.
    init(red: [Double], green: [Double], blue: [Double]) {
        self.red = SIMD3(red.map { Float($0) })
        self.green = SIMD3(green.map { Float($0) })
        self.blue = SIMD3(blue.map { Float($0) })
    }

    /// Replaces the colours of a row of three or four channels.
    func apply<Sample: PixelSample>(to row: Row<Sample>, channelCount: Int) {
        for pixel in stride(from: 0, to: row.count, by: channelCount) {
            let r = Float(Int32(truncatingIfNeeded: row[pixel]))
            let g = Float(Int32(truncatingIfNeeded: row[pixel &+ 1]))
            let b = Float(Int32(truncatingIfNeeded: row[pixel &+ 2]))
            row[pixel] = (r * red.x + g * red.y + b * red.z).rounded(to: Sample.self)
            row[pixel &+ 1] = (r * green.x + g * green.y + b * green.z).rounded(to: Sample.self)
            row[pixel &+ 2] = (r * blue.x + g * blue.y + b * blue.z).rounded(to: Sample.self)
        }
    }
}
