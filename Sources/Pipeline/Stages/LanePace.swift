/// How many bytes of small images a lane filters in one run: as many as make a message to a child
/// cheap beside their filters, and no more.
struct LanePace {
    /// The most bytes of frames: they stay in the second-level cache from the decoder to the encoder.
    private static let largestByteCount = 256 << 10

    /// The time that the filters may take in one run: ten times that of a message to a child.
    ///
    /// Images whose filters take longer are better spread over lanes.
    private static let filterNanoseconds: Int64 = 500_000

    /// The bytes of frames that are filtered in that time, as the run before tells; 0 before the first.
    private(set) var groupByteCount = 0

    /// Learns from a run.
    ///
    /// - Parameters:
    ///   - byteCount: The bytes of its frames.
    ///   - nanoseconds: What its filters took.
    mutating func ran(_ byteCount: Int, within nanoseconds: Int64) {
        let share = Double(Self.filterNanoseconds) / Double(max(1, nanoseconds))
        groupByteCount = Int(min(share * Double(byteCount), Double(Self.largestByteCount)))
    }
}
