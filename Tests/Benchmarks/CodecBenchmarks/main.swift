// Measures the PNG codec on a folder of PNG files, on one thread:
//
//     CodecBenchmarks FOLDER [EVERY]
//
// Every EVERYth file is read, decoded, and encoded at each effort. Printed are megabytes of pixels a
// second of processor time, with the median, the smallest and the largest over the files, and the bytes written.

import Codecs
import Foundation
import Images
import Profiling

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    print("usage: CodecBenchmarks FOLDER [EVERY] [EFFORT…]")
    exit(2)
}
let every = arguments.count > 2 ? Int(arguments[2]) ?? 1 : 1
let folder = URL(fileURLWithPath: arguments[1])
let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    .filter { $0.pathExtension == "png" }
    .sorted { $0.path < $1.path }
    .enumerated().filter { $0.offset % every == 0 }.map(\.element)

/// One kind of work over all files.
struct Row {
    var seconds: [Double] = []
    var pixelByteCounts: [Int] = []
    var fileByteCount = 0

    /// Prints totals and the spread over the files.
    func print(_ name: String) {
        let speeds = zip(pixelByteCounts, seconds).map { Double($0) / 1e6 / $1 }.sorted()
        guard let slowest = speeds.first, let fastest = speeds.last else { return }
        let total = Double(pixelByteCounts.reduce(0, +)) / 1e6 / seconds.reduce(0, +)
        Swift.print(
            String(
                format:
                    "%-9@ %7.1f MB/s  (median %.1f, %.1f to %.1f)  %.3f MB in files, %.0f images/s",
                name as NSString, total, speeds[speeds.count / 2], slowest, fastest,
                Double(fileByteCount) / 1e6, Double(seconds.count) / seconds.reduce(0, +)))
    }
}

/// The processor time that this thread spends, which other programs on the machine disturb less
/// than the time of a clock.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    try body()
    return now() - start
}

let codec = try CodecTable.codec(for: .png)
let wanted = arguments.dropFirst(3)
let efforts = EncodeOptions.PNGEffort.allCases.filter {
    wanted.isEmpty || wanted.contains($0.rawValue)
}
var reading = Row()
var writing = efforts.map { _ in Row() }
var pixels: [UInt8] = []

for (number, file) in (files.prefix(1) + files).enumerated() {
    let bytes = [UInt8](try Data(contentsOf: file))
    let header = try codec.probe(bytes.span, limits: .default)
    // The memory is used again from file to file, as the lanes do.
    if pixels.count < header.layout.byteCount {
        pixels = [UInt8](repeating: 0, count: header.layout.byteCount)
    }
    let time = try seconds {
        var span = pixels.mutableSpan
        var raw = unsafe span.mutableBytes
        var image = raw._mutatingExtracting(first: header.layout.byteCount)
        _ = try codec.decode(
            bytes.span, as: codec.probe(bytes.span, limits: .default), shrunkBy: 1, into: &image,
            checkpoint: .none)
    }
    // The first file is done twice: the first time warms up.
    if number == 0 { continue }
    reading.seconds.append(time)
    reading.pixelByteCounts.append(header.layout.byteCount)
    reading.fileByteCount += bytes.count
    for (i, effort) in efforts.enumerated() {
        var written = 0
        let time = try seconds {
            written = try unsafe codec.encode(
                pixels.span.bytes.extracting(first: header.layout.byteCount), as: header.layout,
                metadata: ImageMetadata(), options: EncodeOptions(pngEffort: effort),
                checkpoint: .none
            ).count
        }
        writing[i].seconds.append(time)
        writing[i].pixelByteCounts.append(header.layout.byteCount)
        writing[i].fileByteCount += written
    }
}

print("\(codec.library), \(files.count) files")
reading.print("read")
for (effort, row) in zip(efforts, writing) { row.print(effort.rawValue) }
