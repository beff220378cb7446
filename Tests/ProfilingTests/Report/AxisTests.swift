import Testing

@testable import Profiling

@Suite("An axis")
struct AxisTests {
    @Test(
        "has ticks at steps of 1, 2 or 5",
        arguments: [
            (11.4, ["0", "5", "10"]), (0.9, ["0", "0.5"]), (4.0, ["0", "1", "2", "3", "4"]),
            (1234, ["0", "500", "1000"]), (0, ["0"]),
        ] as [(Double, [String])])
    func linear(maximum: Double, labels: [String]) {
        #expect(Axis(upTo: maximum, label: Axis.shortest).ticks.map(\.label) == labels)
    }

    @Test(
        "of time has a unit that suits its length",
        arguments: [
            (11_300 * millisecond, ["0 s", "5 s", "10 s"]),
            (190 * millisecond, ["0 ms", "50 ms", "100 ms", "150 ms"]),
            (600 * second, ["0 min", "5 min", "10 min"]),
            (800, ["0 ns", "200 ns", "400 ns", "600 ns", "800 ns"]),
        ] as [(Int64, [String])])
    func time(nanoseconds: Int64, labels: [String]) {
        #expect(Axis(timeUpTo: nanoseconds).ticks.map(\.label) == labels)
    }

    @Test("of a logarithm has equal distances for equal ratios")
    func logarithmic() {
        let axis = Axis(logarithmicFrom: 1e6, to: 1e8)

        #expect(axis.ticks.map(\.label) == ["1 ms", "10 ms", "100 ms"])
        #expect(axis.ticks.map { ($0.place * 1000).rounded() } == [0, 500, 1000])
    }

    @Test("has all of its ticks between its ends", arguments: [1e-7, 0.3, 1, 7.77, 1e9, 3.3e12])
    func inside(maximum: Double) {
        let ticks = Axis(upTo: maximum, label: Axis.shortest).ticks

        #expect(ticks.count >= 2)
        #expect(ticks.allSatisfy { (0...1.000_01).contains($0.place) })
    }
}
