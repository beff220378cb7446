import Filters
import Glibc
import Images
import Profiling

/// Times chains on one thread, on pixels in memory: `FilterBenchmarks WIDTHxHEIGHT FORMAT RUNS CHAIN…`.
///
/// A chain is filters joined by `+`; `memcpy` copies the image instead. Prints the fastest run of
/// each in milliseconds, and a hash of the result for comparing builds. `FilterBenchmarks names`
/// lists the filters.
@main
struct FilterBenchmarks {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "names" {
            return FilterTable.all.forEach { print($0.name) }
        }
        let sides = (arguments.first ?? "2560x1600").split(separator: "x").compactMap { Int($0) }
        let format =
            PixelFormat.allCases.first { $0.description == arguments.dropFirst().first } ?? .rgb8
        let runs = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 10
        guard sides.count == 2, let size = ImageSize(width: sides[0], height: sides[1]),
            let layout = PixelLayout(size: size, format: format)
        else { return print("usage: FilterBenchmarks WIDTHxHEIGHT FORMAT RUNS CHAIN…") }
        for chain in arguments.dropFirst(3) {
            if chain == "memcpy" {
                print("memcpy", milliseconds(copying(layout, runs: runs)))
            } else {
                let (fastest, hash) = try time(chain, on: layout, runs: runs)
                print(chain, milliseconds(fastest), String(hash, radix: 16))
            }
        }
    }

    private static func time(
        _ chain: String, on layout: PixelLayout, runs: Int
    ) throws -> (fastest: Duration, hash: UInt64) {
        var specifications = chain.split(separator: "+").map(String.init)
        let isLinear = specifications.last == "linear"
        if isLinear { specifications.removeLast() }
        let plan = try FilterChain(specifications, linear: isLinear).plan(for: layout)
        var frame = [UInt8](repeating: 0, count: plan.byteCount)
        let source = photographLike(layout)
        var scratch = FilterScratch()
        var fastest = Duration.seconds(1000)
        var result = layout
        for _ in 0..<runs {
            frame.replaceSubrange(0..<source.count, with: source)
            var bytes = frame.mutableSpan
            var memory = unsafe bytes.mutableBytes
            let start = processorTime()
            result = try plan.run(in: &memory, scratch: &scratch, checkpoint: .none)
            fastest = min(fastest, processorTime() - start)
        }
        let bytes = frame[plan.resultOffset..<plan.resultOffset + result.byteCount]
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        return (fastest, hash)
    }

    private static func copying(_ layout: PixelLayout, runs: Int) -> Duration {
        let source = photographLike(layout)
        var copy = source
        var fastest = Duration.seconds(1000)
        for _ in 0..<runs {
            let start = processorTime()
            copy.replaceSubrange(0..<source.count, with: source)
            fastest = min(fastest, processorTime() - start)
        }
        return copy.last == source.last ? fastest : .zero
    }

    /// What this thread has used: other work on the machine does not count.
    private static func processorTime() -> Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Slopes, edges and noise, from a fixed seed.
    private static func photographLike(_ layout: PixelLayout) -> [UInt8] {
        var state: UInt64 = 1
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        for y in 0..<layout.height {
            for index in layout.byteRange(ofRow: y) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let x = index - y * layout.bytesPerRow
                let slope = (x / 24 + y / 9 + (x / 301 + y / 203) % 5 * 40) % 256
                let noisy = slope + Int(state >> 60)
                bytes[index] = UInt8(truncatingIfNeeded: min(noisy, 255))
            }
        }
        return bytes
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let microseconds = duration.components.attoseconds / 1_000_000_000_000
        return "\(Double(duration.components.seconds * 1_000_000 + microseconds) / 1000) ms"
    }
}
