/// The new value of each value of a sample: 256 entries at 8 bits, 65536 at 16.
struct SampleTable: Sendable {
    private let entries: [UInt16]

    /// The table of a curve from 0…1 to 0…1, rounded and clamped.
    init(of curve: (Double) -> Double, bitsPerSample: Int) {
        let white = Double(1 << bitsPerSample - 1)
        entries = (0..<1 << bitsPerSample).map { value in
            UInt16(min(max(curve(Double(value) / white) * white + 0.5, 0), white))
        }
    }

    private init(entries: [UInt16]) {
        self.entries = entries
    }

    /// One table for this one and then another, of the same depth.
    func followed(by next: SampleTable) -> SampleTable {
        SampleTable(entries: entries.map { next.entries[Int($0)] })
    }

    /// Replaces the colour samples of a row.
    func apply<Sample: PixelSample>(to row: Row<Sample>, channelCount: Int) {
        entries.withRow { row.replace(by: $0, channelCount: channelCount) }
    }
}

extension Row where Element: PixelSample {
    /// Replaces each colour sample by the entry of a table that has one for each value.
    func replace(by table: Row<UInt16>, channelCount: Int) {
        replaceColors(channelCount: channelCount) {
            Element(truncatingIfNeeded: table[Int($0)])
        }
    }

    /// Replaces each colour sample by what it becomes.
    @inline(__always)
    func replaceColors(channelCount: Int, by new: (Element) -> Element) {
        if channelCount & 1 == 1 {
            for index in 0..<count { self[index] = new(self[index]) }
            return
        }
        for pixel in stride(from: 0, to: count, by: channelCount) {
            for index in pixel..<pixel &+ channelCount &- 1 { self[index] = new(self[index]) }
        }
    }
}
