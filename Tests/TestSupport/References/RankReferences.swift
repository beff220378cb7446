extension ReferenceImage {
    /// The sample of a rank in the sorted window of 2·radius + 1, channel by channel.
    private func ranked(radius: Int, _ pick: ([Double]) -> Double) -> ReferenceImage {
        mapped { x, y, channel in
            var window: [Double] = []
            for dy in -radius...radius {
                for dx in -radius...radius { window.append(self[x + dx, y + dy, channel]) }
            }
            return pick(window.sorted())
        }
    }

    /// The median of the window.
    public func medianFiltered(radius: Int) -> ReferenceImage {
        ranked(radius: radius) { $0[$0.count / 2] }
    }

    /// The minimum of the window.
    public func eroded(radius: Int) -> ReferenceImage {
        ranked(radius: radius) { $0[0] }
    }

    /// The maximum of the window.
    public func dilated(radius: Int) -> ReferenceImage {
        ranked(radius: radius) { $0[$0.count - 1] }
    }
}
