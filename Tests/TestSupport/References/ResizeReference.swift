import Foundation

extension ReferenceImage {
    /// Resampling to a size, column by column and then row by row, without rounding between.
    public func resized(
        width: Int, height: Int, radius: Double, kernel: @escaping (Double) -> Double
    ) -> ReferenceImage {
        resampledColumns(to: height, radius: radius, kernel: kernel).transposed
            .resampledColumns(to: width, radius: radius, kernel: kernel).transposed
    }

    /// Rows for columns.
    public var transposed: ReferenceImage {
        ReferenceImage(width: height, height: width, channelCount: channelCount, white: white) {
            self[$1, $0, $2]
        }
    }

    private func resampledColumns(
        to count: Int, radius: Double, kernel: (Double) -> Double
    ) -> ReferenceImage {
        let scale = Double(height) / Double(count)
        let stretch = max(scale, 1)
        return ReferenceImage(
            width: width, height: count, channelCount: channelCount, white: white
        ) { x, y, channel in
            let center = (Double(y) + 0.5) * scale
            var (sum, total) = (0.0, 0.0)
            let support = radius * stretch + 1
            let nearby =
                Int((center - support).rounded(.down))...Int((center + support).rounded(.up))
            for row in nearby.clamped(to: 0...height - 1) {
                let weight = kernel((Double(row) + 0.5 - center) / stretch)
                sum += weight * self[x, row, channel]
                total += weight
            }
            return sum / total
        }
    }

    /// The kernels by name.
    public static let resamplingKernels: [String: @Sendable (Double) -> Double] = [
        "box": { $0 > -0.5 && $0 <= 0.5 ? 1 : 0 },
        "triangle": { max(1 - abs($0), 0) },
        "catmull-rom": { cubic(abs($0), 0, 0.5) },
        "mitchell": { cubic(abs($0), 1.0 / 3, 1.0 / 3) },
        "lanczos2": { abs($0) < 2 ? sinc($0) * sinc($0 / 2) : 0 },
        "lanczos3": { abs($0) < 3 ? sinc($0) * sinc($0 / 3) : 0 },
    ]

    private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }

    private static func cubic(_ x: Double, _ b: Double, _ c: Double) -> Double {
        if x < 1 {
            return ((12 - 9 * b - 6 * c) * x * x * x + (12 * b + 6 * c - 18) * x * x + 6 - 2 * b)
                / 6
        }
        if x >= 2 { return 0 }
        return
            ((-b - 6 * c) * x * x * x + (6 * b + 30 * c) * x * x - (12 * b + 48 * c) * x + 8 * b
            + 24 * c) / 6
    }
}
