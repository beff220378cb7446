extension Comparison {
    /// All that was measured as lines of text for a person; the verdict is the last one.
    public var lines: [String] {
        let rounds = contenders.first?.rounds.count ?? 0
        return [
            "\(Quantity.count(imageCount)) of \(Quantity.count(foundCount)) images, \(rounds) "
                + "\(rounds == 1 ? "round" : "rounds") each"
                + (passCount == 1 ? "" : " of \(passCount) passes")
                + ", \(jobs) \(ThreadRole.lane.name(count: jobs)), outputs discarded",
            "read for the first time, they kept the lanes waiting for I/O "
                + "\(Quantity.percent(firstIdleShare)) of the time; the rounds find them in memory",
            "",
        ] + aligned(table) + [""] + aligned(scalingTable) + [""] + explanation + [
            "", choice.sentence,
        ]
    }

    /// What each contender is good for, every statement with its number.
    public var explanation: [String] { contenders.map(explanation(of:)) }

    static let columns = ["images/s", "spread", "CPU an image", "peak memory", "wait for I/O"]

    /// One row of cells for each contender.
    func cells(of contender: Contender) -> [String] {
        [
            Quantity.threeDigits(contender.imagesPerSecond),
            "± \(Quantity.percent(contender.spread, digits: 1))",
            Quantity.duration(nanoseconds: Int64(contender.processorNanoseconds)),
            Quantity.binary(byteCount: contender.peakMemoryByteCount),
            Quantity.percent(contender.idleShare, digits: 1),
        ]
    }

    private var table: [[String]] {
        [[""] + Comparison.columns] + contenders.map { [$0.name] + cells(of: $0) }
    }

    /// The numbers of lanes and, for each, the images in a second.
    func scaling(of contender: Contender) -> [(jobs: Int, imagesPerSecond: Double)] {
        contender.scaling + [(jobs, contender.imagesPerSecond)]
    }

    private var scalingTable: [[String]] {
        guard let first = contenders.first else { return [] }
        return [["images/s with"] + scaling(of: first).map { "-j \($0.jobs)" }]
            + contenders.map { contender in
                [contender.name]
                    + scaling(of: contender).map { Quantity.threeDigits($0.imagesPerSecond) }
            }
    }

    private func explanation(of contender: Contender) -> String {
        let start = Quantity.duration(nanoseconds: contender.startNanoseconds)
        let memory = Quantity.binary(byteCount: contender.peakMemoryByteCount)
        let rest = contenders.filter { $0.name != contender.name }
        let processor = rest.first.map { other -> String in
            let times = ratio(
                Int64(contender.processorNanoseconds), Int64(other.processorNanoseconds))
            return "\(Quantity.fixed(times, digits: 2)) × the CPU time of \(other.name)"
        }
        let price = [processor, memory].compactMap { $0 }.joined(separator: " and ")
        return contender.isIsolated
            ? "\(contender.name) are good for isolation: a killed worker cost \(crashText), and one "
                + "that hangs is killed too; \(contender.unit) starts in \(start), once for each "
                + "lane, and the run takes \(price)"
            : "\(contender.name) are good for small images and short runs: \(contender.unit) starts "
                + "in \(start), nothing is sent to another process, and the run takes \(price); but "
                + "a crash ends it, and what hangs cannot be killed"
    }
}
