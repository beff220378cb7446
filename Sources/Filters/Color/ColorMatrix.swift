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

    /// Replaces the colours of a row.
    func apply<Sample: PixelSample>(to planes: ColorPlanes<Sample>) {
        for x in 0..<planes.red.count {
            let r = Float(Int32(truncatingIfNeeded: planes.red[x]))
            let g = Float(Int32(truncatingIfNeeded: planes.green[x]))
            let b = Float(Int32(truncatingIfNeeded: planes.blue[x]))
            planes.red[x] = (r * red.x + g * red.y + b * red.z).rounded(to: Sample.self)
            planes.green[x] = (r * green.x + g * green.y + b * green.z).rounded(to: Sample.self)
            planes.blue[x] = (r * blue.x + g * blue.y + b * blue.z).rounded(to: Sample.self)
        }
    }
}
