/// The pixels of a PAM file: a header in text, then the samples, of 16 bits in big-endian order
/// (pam(5)).
public struct PortableArbitraryMap {
    /// In pixels.
    public let width: Int

    /// In pixels.
    public let height: Int

    /// The samples of a pixel, 1 to 4.
    public let channelCount: Int

    /// 8 or 16.
    public let bitsPerSample: Int

    /// The rows as the tool has them in memory: packed, 16 bits in little-endian order.
    public let pixels: [UInt8]

    /// Reads a file, or gives nil where it is none.
    public init?(_ bytes: [UInt8]) {
        let headerEnd = Array("ENDHDR\n".utf8)
        guard
            let start = bytes.indices.first(where: { bytes[$0...].starts(with: headerEnd) })
        else { return nil }
        var values: [Substring: Int] = [:]
        for line in String(decoding: bytes[..<start], as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { values[words[0]] = Int(words[1]) }
        }
        guard let width = values["WIDTH"], let height = values["HEIGHT"],
            let channelCount = values["DEPTH"], let largest = values["MAXVAL"]
        else { return nil }
        self.width = width
        self.height = height
        self.channelCount = channelCount
        bitsPerSample = largest > 255 ? 16 : 8
        var pixels = Array(bytes[(start + headerEnd.count)...])
        if largest > 255 {
            for index in stride(from: 0, to: pixels.count - 1, by: 2) {
                pixels.swapAt(index, index + 1)
            }
        }
        self.pixels = pixels
    }
}
