/// An ICC profile of three primaries and one tone curve (ICC.1:2022, clause 8.3.3), or of the curve
/// alone for gray.
struct MatrixProfile {
    /// A curve from samples to light, as the numbers g, a, b, c, d of a parametric curve:
    /// `(a·x + b)^g` from `d` on, `c·x` below (clause 10.18).
    struct Curve {
        let parameters: [Double]

        static let sRGB = Curve(
            parameters: [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045])
        static let bt709 = Curve(
            parameters: [1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081])

        static func power(_ exponent: Double) -> Curve { Curve(parameters: [exponent]) }
    }

    /// The light of each primary as XYZ, adapted to the white of profiles (D50).
    struct Space {
        let red: SIMD3<Double>
        let green: SIMD3<Double>
        let blue: SIMD3<Double>

        /// The matrix that adapted them, for the tag `chad`.
        let adaptation: Matrix3

        /// Computes them from the x and y of white, red, green and blue, times 100,000; nil where
        /// these are no triangle around a white.
        init?(_ chromaticities: [Int]) {
            guard chromaticities.count == 8 else { return nil }
            let points = stride(from: 0, to: 8, by: 2).map { index -> SIMD3<Double> in
                let x = Double(chromaticities[index]) / 100_000
                let y = Double(chromaticities[index + 1]) / 100_000
                return [x / y, 1, (1 - x - y) / y]
            }
            let white = points[0]
            let primaries = Matrix3(columns: points[1], points[2], points[3])
            guard let inverse = primaries.inverse, let cone = Matrix3.bradford.inverse else {
                return nil
            }
            // The amounts of the primaries that add up to white.
            let amounts = inverse * white
            let coneWhite = Matrix3.bradford * white
            let coneD50 = Matrix3.bradford * MatrixProfile.whiteD50
            let ratio = coneD50 / coneWhite
            let scale = Matrix3(
                columns: [ratio.x, 0, 0], [0, ratio.y, 0], [0, 0, ratio.z])
            adaptation = cone * scale * Matrix3.bradford
            red = adaptation * (points[1] * amounts.x)
            green = adaptation * (points[2] * amounts.y)
            blue = adaptation * (points[3] * amounts.z)
            let numbers = [red, green, blue].flatMap { [$0.x, $0.y, $0.z] } + adaptation.rowMajor
            guard numbers.allSatisfy({ $0.isFinite && abs($0) < 100 }) else { return nil }
        }
    }

    let curve: Curve
    let space: Space

    fileprivate static let whiteD50: SIMD3<Double> = [0.9642, 1, 0.8249]

    /// The profile, of version 4.3; the same for the same numbers.
    func bytes(isColor: Bool) -> [UInt8] {
        var tags: [(String, [UInt8])] = [
            ("desc", Self.text("made by pixloom from gAMA, cHRM or cICP")),
            ("cprt", Self.text("CC0")),
            ("wtpt", Self.xyz(Self.whiteD50)),
            (
                "chad",
                Array("sf32\0\0\0\0".utf8) + space.adaptation.rowMajor.flatMap(Self.fixed)
            ),
        ]
        let curve = Self.parametric(curve)
        if isColor {
            tags += [
                ("rXYZ", Self.xyz(space.red)), ("gXYZ", Self.xyz(space.green)),
                ("bXYZ", Self.xyz(space.blue)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
            ]
        } else {
            tags.append(("kTRC", curve))
        }
        var directory: [UInt8] = []
        directory.append(bigEndian: UInt32(tags.count))
        var data: [UInt8] = []
        let dataStart = Self.headerByteCount + 4 + 12 * tags.count
        for (name, content) in tags {
            directory += Array(name.utf8)
            directory.append(bigEndian: UInt32(dataStart + data.count))
            directory.append(bigEndian: UInt32(content.count))
            data += content + [UInt8](repeating: 0, count: -content.count & 3)
        }
        return Self.header(byteCount: dataStart + data.count, isColor: isColor) + directory + data
    }

    private static let headerByteCount = 128

    /// The header: version 4.3, a display, the first moment of 2020, D50 (clause 7.2).
    private static func header(byteCount: Int, isColor: Bool) -> [UInt8] {
        var header: [UInt8] = []
        header.append(bigEndian: UInt32(byteCount))
        header += [0, 0, 0, 0, 4, 0x30, 0, 0]
        header += Array("mntr".utf8) + Array((isColor ? "RGB " : "GRAY").utf8) + Array("XYZ ".utf8)
        header += [0x07, 0xE4, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0] + Array("acsp".utf8)
        header += [UInt8](repeating: 0, count: 28)
        header += [whiteD50.x, whiteD50.y, whiteD50.z].flatMap(fixed)
        return header + [UInt8](repeating: 0, count: headerByteCount - header.count)
    }

    private static func text(_ text: String) -> [UInt8] {
        let characters = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let records: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 12]
        let record: [UInt8] =
            Array("enUS".utf8) + [0, 0, 0, UInt8(characters.count), 0, 0, 0, 28]
        return Array("mluc\0\0\0\0".utf8) + records + record + characters
    }

    private static func xyz(_ color: SIMD3<Double>) -> [UInt8] {
        Array("XYZ \0\0\0\0".utf8) + [color.x, color.y, color.z].flatMap(fixed)
    }

    private static func parametric(_ curve: Curve) -> [UInt8] {
        let kind: UInt8 = curve.parameters.count == 1 ? 0 : 3
        return Array("para\0\0\0\0".utf8) + [0, kind, 0, 0] + curve.parameters.flatMap(fixed)
    }

    /// A number with 16 bits after the point (clause 4.6); numbers that do not fit are cut.
    private static func fixed(_ number: Double) -> [UInt8] {
        let scaled = (number * 65536).rounded().clamped(to: -2_147_483_648...2_147_483_647)
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt32(bitPattern: Int32(scaled)))
        return bytes
    }
}

/// A matrix of three rows and columns.
struct Matrix3 {
    private let columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

    /// From XYZ to the responses of the eye's cones, by Bradford's measurements (ICC.1:2022, annex E).
    static let bradford = Matrix3(
        columns: [0.8951, -0.7502, 0.0389], [0.2664, 1.7135, -0.0685], [-0.1614, 0.0367, 1.0296])

    init(columns first: SIMD3<Double>, _ second: SIMD3<Double>, _ third: SIMD3<Double>) {
        columns = (first, second, third)
    }

    static func * (matrix: Matrix3, vector: SIMD3<Double>) -> SIMD3<Double> {
        matrix.columns.0 * vector.x + matrix.columns.1 * vector.y + matrix.columns.2 * vector.z
    }

    static func * (left: Matrix3, right: Matrix3) -> Matrix3 {
        Matrix3(
            columns: left * right.columns.0, left * right.columns.1, left * right.columns.2)
    }

    /// Nil where there is none.
    var inverse: Matrix3? {
        let rows = (
            Self.cross(columns.1, columns.2), Self.cross(columns.2, columns.0),
            Self.cross(columns.0, columns.1)
        )
        let determinant = (columns.0 * rows.0).sum()
        guard determinant.isFinite, abs(determinant) > 1e-9 else { return nil }
        return Matrix3(
            columns: [rows.0.x, rows.1.x, rows.2.x] / determinant,
            [rows.0.y, rows.1.y, rows.2.y] / determinant,
            [rows.0.z, rows.1.z, rows.2.z] / determinant)
    }

    /// The nine numbers, row by row.
    var rowMajor: [Double] {
        (0..<3).flatMap { [columns.0[$0], columns.1[$0], columns.2[$0]] }
    }

    private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        [a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x]
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
