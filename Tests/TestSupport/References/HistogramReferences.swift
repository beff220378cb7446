extension ReferenceImage {
    /// The rounded luma of every pixel.
    private var lumas: [Int] {
        (0..<height).flatMap { y in (0..<width).map { x in Int((luma(x, y)).rounded()) } }
    }

    /// The line that cuts a share of luma at each end, applied to each colour channel.
    public func normalized(clip: Double) -> ReferenceImage {
        let sorted = lumas.sorted()
        let clipped = Int(clip * Double(sorted.count))
        let (low, high) = (sorted[clipped], sorted[sorted.count - 1 - clipped])
        guard low < high else { return self }
        return mapped { x, y, channel in
            let sample = self[x, y, channel]
            if isAlpha(channel) { return sample }
            return min(max((sample - Double(low)) * white / Double(high - low), 0), white)
        }
    }

    /// Each luma moved to the share of darker pixels, and the colours with it.
    public func equalized() -> ReferenceImage {
        let all = lumas
        let darkest = all.min() ?? 0
        let darkestCount = all.count { $0 == darkest }
        guard all.count > darkestCount else { return self }
        return mapped { x, y, channel in
            let sample = self[x, y, channel]
            if isAlpha(channel) { return sample }
            let luma = all[y * width + x]
            let darker = all.count { $0 <= luma } - darkestCount
            let new = Double(darker) / Double(all.count - darkestCount) * white
            return min(max(sample + new.rounded() - Double(luma), 0), white)
        }
    }
}
