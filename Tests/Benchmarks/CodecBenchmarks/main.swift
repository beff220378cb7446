// Measures the PNG codec on one thread; codecs.py runs it in turn with other programs.
//
//     CodecBenchmarks EFFORT... -- FILE...
//
// Each file is read and decoded, and its pixels are encoded at each effort. For each work a line is
// printed: its name, seconds of processor time, bytes of pixels, bytes of the file.

import Codecs
import Foundation
import Images
import Profiling

let arguments = CommandLine.arguments.dropFirst()
let efforts = arguments.prefix { $0 != "--" }.compactMap(EncodeOptions.PNGEffort.init(rawValue:))
let files = arguments.drop { $0 != "--" }.dropFirst()
guard !files.isEmpty else {
    print("usage: CodecBenchmarks EFFORT... -- FILE...")
    exit(2)
}
let codec = try CodecTable.codec(for: .png)
// The memory is used again from file to file, as the lanes do.
var pixels: [UInt8] = []

/// The processor time of this thread, which other programs disturb less than that of a clock.
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

/// Decodes into `pixels`.
@MainActor
func decode(_ bytes: [UInt8]) throws -> PixelLayout {
    let header = try codec.probe(bytes.span, limits: .default)
    let byteCount = header.layout.byteCount
    if pixels.count < byteCount { pixels = [UInt8](repeating: 0, count: byteCount) }
    var span = pixels.mutableSpan
    var memory = unsafe span.mutableBytes
    var image = memory._mutatingExtracting(first: byteCount)
    _ = try codec.decode(
        bytes.span, as: header, shrunkBy: 1, into: &image, checkpoint: .none)
    return header.layout
}

/// Encodes `pixels`, and gives the bytes of the file.
@MainActor
func encode(_ layout: PixelLayout, _ effort: EncodeOptions.PNGEffort) throws -> Int {
    let image = unsafe pixels.span.bytes.extracting(first: layout.byteCount)
    return try codec.encode(
        image, as: layout, metadata: ImageMetadata(), options: EncodeOptions(pngEffort: effort),
        checkpoint: .none
    ).count
}

print(codec.library)
for (number, path) in files.enumerated() {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    // Once before the clock runs: the memory is then there, as it is after a lane's first image.
    var layout = try decode(bytes)
    if number == 0 { _ = try encode(layout, .fast) }
    let time = try seconds { layout = try decode(bytes) }
    print("read", time, layout.byteCount, bytes.count)
    for effort in efforts {
        var written = 0
        let time = try seconds { written = try encode(layout, effort) }
        print(effort.rawValue, time, layout.byteCount, written)
    }
}
