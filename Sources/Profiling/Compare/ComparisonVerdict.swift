extension Comparison {
    /// Which way to choose.
    public struct Choice: Sendable {
        /// The name of the contender, as in `processes`.
        public let name: String

        /// The number of lanes.
        public let jobs: Int

        /// Whether no contender was faster than another by more than the spread, or a tenth.
        public let isTie: Bool

        /// All of it in one sentence, without a full stop.
        public let sentence: String
    }

    /// A difference below this is a tie, however exactly it was measured: the next run on the same
    /// machine may differ by as much, and isolation is worth it.
    private static let leastDifference = 0.1

    /// More lanes that gain less than this are of no use.
    private static let leastGain = 0.05

    /// A larger spread means that something else was at work on the machine.
    private static let steadySpread = 0.1

    /// Chooses the fastest contender; a difference within the spread is a tie, and then isolation
    /// decides.
    public var choice: Choice {
        let isTie = !isDifferent
        let fastest = contenders.max { $0.imagesPerSecond < $1.imagesPerSecond }
        guard let best = isTie ? contenders.first(where: \.isIsolated) ?? fastest : fastest,
            best.imagesPerSecond > 0,
            let other = contenders.filter({ $0.name != best.name })
                .max(by: { $0.imagesPerSecond < $1.imagesPerSecond })
        else {
            return Choice(
                name: "", jobs: jobs, isTie: true, sentence: "nothing was measured to choose from")
        }
        let jobs = fewestJobs
        let sentence =
            "--mode \(best.name) -j \(jobs): "
            + (isTie ? reasonOfTie(best, other) : reasonOfSpeed(best, other))
            + costOfOtherJobs(than: jobs, of: best)
        return Choice(name: best.name, jobs: jobs, isTie: isTie, sentence: sentence)
    }

    /// Whether the fastest contender was faster than the slowest in every pair of neighbouring
    /// rounds, of which there were at least three, and by more than both spreads together.
    ///
    /// Rounds are interleaved, so what disturbs the machine for some seconds disturbs both of a
    /// pair, and the pairs tell more than the medians alone.
    private var isDifferent: Bool {
        guard let fast = contenders.max(by: { $0.imagesPerSecond < $1.imagesPerSecond }),
            let slow = contenders.min(by: { $0.imagesPerSecond < $1.imagesPerSecond }),
            fast.imagesPerSecond > 0
        else { return false }
        let difference = 1 - slow.imagesPerSecond / fast.imagesPerSecond
        let isEverywhere = zip(fast.rounds, slow.rounds).allSatisfy {
            $0.imagesPerSecond > $1.imagesPerSecond
        }
        return isEverywhere && min(fast.rounds.count, slow.rounds.count) >= 3
            && difference > max(fast.spread + slow.spread, Comparison.leastDifference)
    }

    /// The fewest lanes that are as fast as more of them, in every contender.
    ///
    /// Each number of lanes is measured once only, and what disturbed one contender hardly disturbed
    /// all. Where the rounds differ much, they say nothing against more lanes.
    private var fewestJobs: Int {
        guard contenders.allSatisfy({ $0.spread <= Comparison.steadySpread }) else { return jobs }
        let counts = contenders.first?.scaling.map(\.jobs) ?? []
        return counts.first { count in
            contenders.allSatisfy { contender in
                let enough = contender.imagesPerSecond * (1 - Comparison.leastGain)
                return contender.scaling.contains {
                    $0.jobs == count && $0.imagesPerSecond >= enough
                }
            }
        } ?? jobs
    }

    private func reasonOfTie(_ best: Contender, _ other: Contender) -> String {
        "a tie with \(other.name) (\(rate(of: best)) against \(rate(of: other)) images/s), and "
            + (best.isIsolated
                ? "a crash costs \(crashText) instead of the whole run"
                : "nothing is gained by \(other.name)")
    }

    private func reasonOfSpeed(_ best: Contender, _ other: Contender) -> String {
        let times = Quantity.fixed(best.imagesPerSecond / other.imagesPerSecond, digits: 2)
        let fact =
            "\(times) × the images/s of \(other.name) (\(rate(of: best)) against "
            + "\(rate(of: other)))"
        let loss = Quantity.percent(1 - other.imagesPerSecond / best.imagesPerSecond)
        return best.isIsolated
            ? "\(fact), and a crash costs \(crashText) instead of the whole run"
            : "\(fact); \(other.name) would cost \(loss) of the speed, and a crash then "
                + "\(crashText) instead of the whole run"
    }

    private func costOfOtherJobs(than jobs: Int, of contender: Contender) -> String {
        guard jobs > 1, let one = contender.scaling.first, one.jobs < jobs else { return "" }
        let times = Quantity.fixed(one.imagesPerSecond / contender.imagesPerSecond, digits: 2)
        return "; -j \(one.jobs) would give \(times) × as many"
    }

    private func rate(of contender: Contender) -> String {
        "\(Quantity.threeDigits(contender.imagesPerSecond)) ± \(Quantity.percent(contender.spread))"
    }

    /// What a crash costs, as in `84 ms and no image`.
    var crashText: String {
        guard let crash else { return "one image at most" }
        let images =
            crash.lostCount == 0
            ? "no image" : "\(crash.lostCount) \(crash.lostCount == 1 ? "image" : "images")"
        return "\(Quantity.duration(nanoseconds: crash.nanoseconds)) and \(images)"
    }
}
