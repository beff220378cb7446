internal import CDeflate

/// A PNG file that grows chunk by chunk.
struct PNGChunkWriter {
    /// The file so far.
    private(set) var bytes = pngSignature

    /// The most bytes in one IDAT chunk: what a chunk's length can say (clause 5.3).
    private static let largestChunk = Int(Int32.max)

    /// Adds a chunk with the given content, of less than 2³¹ bytes.
    mutating func append(_ type: UInt32, _ content: [UInt8]) {
        unsafe content.withUnsafeBytes { unsafe append(type, $0) }
    }

    /// Adds the image's zlib stream, in as few chunks as hold it.
    mutating func appendImageData(_ stream: UnsafeRawBufferPointer) {
        bytes.reserveCapacity(bytes.count + stream.count + 2 * 12)
        for start in stride(from: 0, to: stream.count, by: Self.largestChunk) {
            let end = min(stream.count, start + Self.largestChunk)
            unsafe append(
                PNGChunkType.imageData, UnsafeRawBufferPointer(rebasing: stream[start..<end]))
        }
    }

    private mutating func append(_ type: UInt32, _ content: UnsafeRawBufferPointer) {
        append(UInt32(content.count))
        let start = bytes.count
        append(type)
        unsafe bytes.append(contentsOf: content)
        append(bytes.span.checksum(of: start..<bytes.count))
    }

    private mutating func append(_ value: UInt32) {
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
