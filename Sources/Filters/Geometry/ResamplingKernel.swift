/// How a resized sample weighs the samples around it, by their distance.
///
/// The definitions are those of P. Heckbert, "Zoom" (1989) for box and triangle, of D. Mitchell and
/// A. Netravali, "Reconstruction Filters in Computer Graphics" (1988) for the two cubics, and of
/// C. Lanczos' window for the sinc.
enum ResamplingKernel: String, CaseIterable {
    case nearest, box, triangle
    case catmullRom = "catmull-rom"
    case mitchell, lanczos2, lanczos3

    /// The distance, in samples of the coarser image, beyond which the weight is zero.
    var radius: Double {
        switch self {
        case .nearest, .box: 0.5
        case .triangle: 1
        case .catmullRom, .mitchell, .lanczos2: 2
        case .lanczos3: 3
        }
    }

    /// The weight at a distance from the centre, not normalised.
    func weight(at distance: Double) -> Double {
        switch self {
        case .nearest, .box: distance > -0.5 && distance <= 0.5 ? 1 : 0
        case .triangle: max(1 - distance.magnitude, 0)
        case .catmullRom: Self.cubic(distance.magnitude, b: 0, c: 0.5)
        case .mitchell: Self.cubic(distance.magnitude, b: 1 / 3, c: 1 / 3)
        case .lanczos2: Self.lanczos(distance, 2)
        case .lanczos3: Self.lanczos(distance, 3)
        }
    }

    private static func cubic(_ x: Double, b: Double, c: Double) -> Double {
        if x < 1 {
            return ((12 - 9 * b - 6 * c) * x * x * x + (-18 + 12 * b + 6 * c) * x * x + (6 - 2 * b))
                / 6
        }
        if x < 2 {
            return
                ((-b - 6 * c) * x * x * x + (6 * b + 30 * c) * x * x + (-12 * b - 48 * c) * x
                + (8 * b + 24 * c)) / 6
        }
        return 0
    }

    private static func lanczos(_ x: Double, _ lobes: Double) -> Double {
        if x == 0 { return 1 }
        guard x.magnitude < lobes else { return 0 }
        let angle = x * .pi
        return lobes * Elementary.sin(angle) * Elementary.sin(angle / lobes) / (angle * angle)
    }
}

extension Taps {
    /// The taps of each sample of a resized row or column.
    ///
    /// When shrinking, the kernel is stretched by the scale, which keeps what is too fine for the
    /// result out of it. At the border the kernel is cut and what is left is normalised.
    ///
    /// - Parameters:
    ///   - kernel: How samples are weighed.
    ///   - count: The samples of the result before anything is cut off.
    ///   - range: Those of them that are wanted.
    ///   - sourceCount: The samples there are.
    ///   - extent: The source samples that `count` stand for; other than `sourceCount` where
    ///     a decoder rounded up.
    /// - Returns: The taps of each wanted sample.
    static func resampling(
        _ kernel: ResamplingKernel, count: Int, range: Range<Int>, sourceCount: Int,
        extent: Double
    ) -> [Taps] {
        let scale = extent / Double(count)
        let stretch = max(scale, 1)
        let support = kernel.radius * stretch
        return range.map { index in
            let center = (Double(index) + 0.5) * scale
            if kernel == .nearest {
                let nearest = min(max(Int(center.rounded(.down)), 0), sourceCount - 1)
                return Taps(start: nearest, weights: [1])
            }
            var start = min(max(Int((center - support - 0.5).rounded(.down)), 0), sourceCount - 1)
            let end = max(min(Int((center + support + 0.5).rounded(.up)), sourceCount), start + 1)
            var weights = (start..<end).map {
                kernel.weight(at: (Double($0) + 0.5 - center) / stretch)
            }
            let leading = weights.prefix { $0 == 0 }.count
            if leading < weights.count {
                weights.removeFirst(leading)
                start += leading
                while weights.last == 0 { weights.removeLast() }
            }
            let total = weights.reduce(0, +)
            guard total != 0 else {
                let nearest = min(max(Int(center.rounded(.down)), 0), sourceCount - 1)
                return Taps(start: nearest, weights: [1])
            }
            return Taps(start: start, weights: weights.map { $0 / total })
        }
    }
}
