internal import Images
internal import SystemCalls
internal import Transfer

extension Pipeline {
    /// Some inputs that stand for all.
    public struct Sample: Sendable {
        /// Single files and addresses, in an order that has nothing to do with their places.
        public let inputs: [Input]

        /// All inputs that were found.
        public let foundCount: Int
    }

    /// Draws at most `count` images from the inputs, each with the same chance, and the same ones
    /// every time: algorithm R of Waterman (Knuth, volume 2, 3.4.2), with a fixed seed.
    ///
    /// - Parameters:
    ///   - inputs: Where images are looked for.
    ///   - find: Which of them count.
    ///   - count: The size of the sample, at least 1.
    /// - Returns: The sample, which is all images if there are no more.
    public static func sample(of inputs: [Input], find: FindOptions, count: Int) -> Sample {
        var stream = SourceStream(inputs, options: find, excluding: [])
        var generator = SplitMix64(state: 6)
        var chosen: [Input] = []
        var foundCount = 0
        while let found = stream.next() {
            guard found.error == nil, let input = Input(imageIn: found.source) else { continue }
            foundCount += 1
            if chosen.count < count {
                chosen.append(input)
                continue
            }
            let place = Int.random(in: 0..<foundCount, using: &generator)
            if place < count { chosen[place] = input }
        }
        return Sample(inputs: chosen.shuffled(using: &generator), foundCount: foundCount)
    }
}

extension Input {
    /// The input that gives this source alone; nil for a file that is no image.
    fileprivate init?(imageIn source: Source) {
        switch source.place {
        case .standardInput: return nil
        case .url(let url): self = .url(url)
        case .file(let path):
            guard let bytes = try? FileSource.firstBytes(of: path),
                ImageFormat(firstBytes: bytes.span) != nil
            else { return nil }
            self = .path(path)
        }
    }
}

/// A generator of random numbers that gives the same ones on every machine (Steele, Lea and Flood,
/// 2014).
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
