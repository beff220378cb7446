import Profiling
import Testing

@Suite("A quantity")
struct QuantityTests {
    @Test(
        "shows a duration with three digits and its unit",
        arguments: [
            (0, "0 ns"), (999, "999 ns"), (1_000, "1.00 µs"), (999_400, "999 µs"),
            (999_600, "1.00 ms"), (18_240_000, "18.2 ms"), (2_314_000_000, "2.31 s"),
            (119_000_000_000, "119 s"), (125_000_000_000, "2 min 5 s"),
            (9_000_000_000_000, "2 h 30 min"),
        ] as [(Int64, String)])
    func durations(nanoseconds: Int64, text: String) {
        #expect(Quantity.duration(nanoseconds: nanoseconds) == text)
    }

    @Test(
        "shows bytes in powers of 1024 or 1000",
        arguments: [
            (0, "0 B", "0 B"), (999, "999 B", "999 B"), (1_000, "1000 B", "1.00 kB"),
            (1_048_576, "1.00 MiB", "1.05 MB"), (242_221_056, "231 MiB", "242 MB"),
        ] as [(Int64, String, String)])
    func bytes(byteCount: Int64, binary: String, decimal: String) {
        #expect(Quantity.binary(byteCount: byteCount) == binary)
        #expect(Quantity.decimal(byteCount: byteCount) == decimal)
    }

    @Test(
        "rounds to a fixed number of digits",
        arguments: [
            (0, 2, "0.00"), (0.005, 1, "0.0"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"),
            (12.999, 2, "13.00"), (7.5, 0, "8"), (.nan, 1, "–"), (1e300, 1, "–"),
        ] as [(Double, Int, String)])
    func fixed(value: Double, digits: Int, text: String) {
        #expect(Quantity.fixed(value, digits: digits) == text)
    }
}
