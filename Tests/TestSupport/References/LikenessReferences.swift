import Foundation

extension ReferenceImage {
    /// The squared distance of two pixels' colours, in levels of 255.
    private func squaredDistance(_ x: Int, _ y: Int, _ otherX: Int, _ otherY: Int) -> Double {
        (0..<colorCount).reduce(0) { sum, channel in
            let difference = (self[x, y, channel] - self[otherX, otherY, channel]) * 255 / white
            return sum + difference * difference
        }
    }

    /// A mean weighed by some weight of each offset in a window.
    private func weighedMean(
        radius: Int, weight: (_ x: Int, _ y: Int, _ dx: Int, _ dy: Int) -> Double
    ) -> ReferenceImage {
        var result = self
        for y in 0..<height {
            for x in 0..<width {
                var total = 0.0
                var sums = Array(repeating: 0.0, count: channelCount)
                for dy in -radius...radius {
                    for dx in -radius...radius {
                        let weight = weight(x, y, dx, dy)
                        total += weight
                        for channel in 0..<channelCount {
                            sums[channel] += weight * self[x + dx, y + dy, channel]
                        }
                    }
                }
                for channel in 0..<channelCount {
                    result.samples[(y * width + x) * channelCount + channel] =
                        sums[channel] / total
                }
            }
        }
        return result
    }

    /// Means weighed by Gaussians of distance and of the distance of colours.
    public func bilaterallyFiltered(space: Double, range: Double) -> ReferenceImage {
        weighedMean(radius: Int((2 * space).rounded(.up))) { x, y, dx, dy in
            exp(
                -Double(dx * dx + dy * dy) / (2 * space * space)
                    - squaredDistance(x, y, x + dx, y + dy) / (2 * range * range))
        }
    }

    /// Means weighed by the mean squared distance of patches.
    public func nonLocalMeans(strength: Double, patch: Int, search: Int) -> ReferenceImage {
        let count = Double((2 * patch + 1) * (2 * patch + 1) * colorCount)
        return weighedMean(radius: search) { x, y, dx, dy in
            var distance = 0.0
            for j in -patch...patch {
                for i in -patch...patch {
                    distance += squaredDistance(x + i, y + j, x + dx + i, y + dy + j)
                }
            }
            return exp(-distance / count / (strength * strength))
        }
    }

    /// The image with every sample times a factor.
    public func mapped(scaledBy factor: Double) -> ReferenceImage {
        mapped { self[$0, $1, $2] * factor }
    }
}
