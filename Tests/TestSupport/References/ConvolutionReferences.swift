import Foundation

extension ReferenceImage {
    /// Correlation with a kernel of odd sides, given by rows.
    public func correlated(_ kernel: [[Double]]) -> ReferenceImage {
        let (dy, dx) = (kernel.count / 2, kernel[0].count / 2)
        return mapped { x, y, channel in
            var sum = 0.0
            for (j, row) in kernel.enumerated() {
                for (i, weight) in row.enumerated() {
                    sum += weight * self[x + i - dx, y + j - dy, channel]
                }
            }
            return sum
        }
    }

    /// Convolution with one kernel along rows and columns.
    public func correlatedSeparably(_ weights: [Double]) -> ReferenceImage {
        correlated([weights]).correlated(weights.map { [$0] })
    }

    /// The Gaussian of radius ⌈3σ⌉.
    public func gaussianBlurred(sigma: Double) -> ReferenceImage {
        let radius = Int((3 * sigma).rounded(.up))
        let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let total = weights.reduce(0, +)
        return correlatedSeparably(weights.map { $0 / total })
    }

    /// The mean of the window of 2·radius + 1.
    public func boxBlurred(radius: Int) -> ReferenceImage {
        let count = 2 * radius + 1
        return correlatedSeparably(Array(repeating: 1 / Double(count), count: count))
    }

    /// v + amount·(v − blur(v)) where the difference is above the threshold in levels of 255.
    public func unsharpened(sigma: Double, amount: Double, threshold: Double) -> ReferenceImage {
        let blurred = gaussianBlurred(sigma: sigma)
        return mapped { x, y, channel in
            let difference = self[x, y, channel] - blurred[x, y, channel]
            let isAbove = abs(difference) > threshold * white / 255
            return self[x, y, channel] + (isAbove ? amount * difference : 0)
        }
    }

    /// The length of the gradient of luma.
    public func sobelEdges() -> ReferenceImage {
        let luma = grayed { self.luma($0, $1) }
        return grayed { x, y in
            var (gx, gy) = (0.0, 0.0)
            for (offset, weight) in [(-1, 1.0), (0, 2.0), (1, 1.0)] {
                gx += weight * (luma[x + 1, y + offset, 0] - luma[x - 1, y + offset, 0])
                gy += weight * (luma[x + offset, y + 1, 0] - luma[x + offset, y - 1, 0])
            }
            return (gx * gx + gy * gy).squareRoot()
        }.clamped
    }
}
