import Foundation
import Testing

@testable import Profiling

@Suite("A comparison of threads and processes")
struct ComparisonTests {
    @Test("is a tie within the spread, and then isolation decides")
    func tie() {
        let choice = comparison(threads: [100, 103, 98], processes: [97, 104, 96]).choice

        #expect(choice.isTie)
        #expect(choice.name == "processes")
        #expect(
            choice.sentence == """
                --mode processes -j 2: a tie with threads (97.0 ± 4 % against 100 ± 3 % images/s), \
                and a crash costs 84.0 ms and no image instead of the whole run; -j 1 would give \
                0.52 × as many
                """)
    }

    @Test("prefers threads where they are faster in every round by more than the spread")
    func threadsAreFaster() {
        let choice = comparison(threads: [150, 153, 149], processes: [100, 101, 99]).choice

        #expect(!choice.isTie)
        #expect(choice.name == "threads")
        #expect(
            choice.sentence == """
                --mode threads -j 2: 1.50 × the images/s of processes (150 ± 1 % against 100 ± 1 \
                %); processes would cost 33 % of the speed, and a crash then 84.0 ms and no image \
                instead of the whole run; -j 1 would give 0.33 × as many
                """)
    }

    @Test(
        "is a tie where the difference is small, or one round tells otherwise",
        arguments: [
            ([104, 104, 104], [100, 100, 100]), ([120, 120, 99], [100, 100, 100]),
            ([140, 92, 130], [110, 90, 111]), ([300, 200], [100, 90]),
        ] as [([Double], [Double])])
    func doubtful(threads: [Double], processes: [Double]) {
        #expect(comparison(threads: threads, processes: processes).choice.name == "processes")
    }

    @Test("does not ask for more lanes than are of use")
    func fewestLanes() {
        var comparison = comparison(threads: [100], processes: [100])
        comparison.contenders[0].scaling = [(1, 60), (2, 90), (4, 101)]
        comparison.contenders[1].scaling = [(1, 60), (2, 97), (4, 101)]
        comparison.jobs = 8

        #expect(comparison.choice.jobs == 4)
    }

    @Test("asks for all lanes where the rounds differ too much to tell")
    func unsteady() {
        var comparison = comparison(threads: [60, 100, 140], processes: [60, 100, 140])
        comparison.contenders[0].scaling = [(1, 100)]
        comparison.contenders[1].scaling = [(1, 100)]

        #expect(comparison.choice.jobs == 2)
    }

    @Test("says so where nothing was measured")
    func nothing() {
        let empty = Comparison([], jobs: 2, imageCount: 0, foundCount: 0)

        #expect(empty.choice.sentence == "nothing was measured to choose from")
        #expect(!empty.lines.isEmpty)
    }

    @Test("tells how often a round went over a small sample, and how long the first reading took")
    func passes() {
        var comparison = comparison(threads: [100], processes: [97])
        #expect(
            comparison.lines.first == "80 of 125 images, 1 round each, 2 lanes, outputs discarded")

        comparison.passCount = 4
        comparison.firstIdleShare = 0.12

        #expect(
            comparison.lines.first
                == "80 of 125 images, 1 round each of 4 passes, 2 lanes, outputs discarded")
        #expect(comparison.lines[1].contains("waiting for I/O 12 % of the time"))
        #expect(String(decoding: comparison.jsonLine, as: UTF8.self).contains(#""passes":4"#))
    }

    @Test("explains each mode with the numbers that were measured")
    func explains() {
        let explanation = comparison(threads: [100], processes: [97]).explanation

        #expect(explanation.count == 2)
        #expect(explanation[0].contains("a thread starts in 21.0 µs"))
        #expect(explanation[0].contains("1.00 × the CPU time of processes and 100 MiB"))
        #expect(explanation[1].contains("a killed worker cost 84.0 ms and no image"))
        #expect(explanation[1].contains("a worker starts in 2.10 ms"))
    }

    @Test("gives all of it as JSON")
    func json() throws {
        let value = try #require(
            JSONValue(
                parsing: comparison(threads: [150, 153, 149], processes: [90, 95, 91]).jsonLine))
        let comparison = try #require(value["comparison"])

        #expect(comparison["contenders"]?.elements.count == 2)
        #expect(comparison["contenders"]?.elements[0]["imagesPerSecond"]?.number == 150)
        #expect(comparison["crash"]?["seconds"]?.number == 0.084)
        #expect(comparison["verdict"]?.string?.hasPrefix("--mode threads -j 2: ") == true)
    }

    @Test("gives a page that is well formed and needs nothing from elsewhere")
    func page() {
        let page = comparison(threads: [100], processes: [97]).page(
            command: "pixloom compare <a>", date: "", machine: [])

        #expect(page.contains("pixloom compare &lt;a&gt;"))
        #expect(page.contains("threads or processes, and how many?"))
        for needle in ["<script", "http://", "https://", "url("] {
            #expect(!page.contains(needle), "\(needle)")
        }
        #expect(page.components(separatedBy: "<section").count == 7)
    }
}

/// A comparison whose rounds were so fast, in images a second.
func comparison(threads: [Double], processes: [Double]) -> Comparison {
    var first = Comparison.Contender(name: "threads", unit: "a thread", isIsolated: false)
    first.startNanoseconds = 21_000
    first.rounds = threads.map(round)
    first.scaling = [(1, 50)]
    var second = Comparison.Contender(name: "processes", unit: "a worker", isIsolated: true)
    second.startNanoseconds = 2_100_000
    second.rounds = processes.map(round)
    second.scaling = [(1, 50)]
    var comparison = Comparison([first, second], jobs: 2, imageCount: 80, foundCount: 125)
    comparison.crash = Comparison.Crash(nanoseconds: 84 * millisecond, lostCount: 0)
    return comparison
}

private func round(_ rate: Double) -> Comparison.Round {
    Comparison.Round(
        imagesPerSecond: rate, processorNanoseconds: 20 * millisecond,
        peakMemoryByteCount: 100 << 20, idleShare: 0.02)
}
