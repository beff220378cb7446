/// The new value of each value of a sample: 256 entries at 8 bits, 65536 at 16.
struct SampleTable: Sendable {
    private let entries: [UInt16]

    /// The table of a curve from 0…1 to 0…1 for 8-bit samples, rounded and clamped.
    static func eight(of curve: (Double) -> Double) -> SampleTable {
        SampleTable(of: curve, for: UInt8.self)
    }

    /// The table of a curve from 0…1 to 0…1 for 16-bit samples, rounded and clamped.
    static func sixteen(of curve: (Double) -> Double) -> SampleTable {
        SampleTable(of: curve, for: UInt16.self)
    }

    private init<Sample: PixelSample>(of curve: (Double) -> Double, for type: Sample.Type) {
        entries = (0...Int(Sample.max)).map { index in
            UInt16(Sample(rounding: curve(Double(index) / Sample.white) * Sample.white))
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
        guard channelCount & 1 == 0 else {
            for index in 0..<row.count {
                row[index] = Sample(truncatingIfNeeded: entries[Int(row[index])])
            }
            return
        }
        for pixel in stride(from: 0, to: row.count, by: channelCount) {
            for index in pixel..<pixel + channelCount - 1 {
                row[index] = Sample(truncatingIfNeeded: entries[Int(row[index])])
            }
        }
    }
}
