internal import Images

extension StoredForm {
    /// The bytes that the palette takes in the file, about.
    var paletteByteCount: Int { 4 * palette.count }

    /// The signature and the chunks before the pixels, in the order of clause 5.6.
    ///
    /// - Parameter metadata: Whole chunks, which come right after the header.
    /// - Returns: The beginning of a file.
    func headerChunks(with metadata: [UInt8]) -> [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        var content: [UInt8] = []
        content.append(bigEndian: UInt32(header.size.width))
        content.append(bigEndian: UInt32(header.size.height))
        content += [UInt8(header.bitDepth), header.colorType.rawValue, 0, 0, 0]
        file.append(chunk: .header, content)
        file += metadata
        guard !palette.isEmpty else { return file }
        file.append(
            chunk: .palette,
            palette.flatMap { color in [0, 8, 16].map { UInt8(truncatingIfNeeded: color >> $0) } })
        let alpha = palette.map { UInt8($0 >> 24) }.prefix { $0 != 255 }
        if !alpha.isEmpty { file.append(chunk: .transparency, Array(alpha)) }
        return file
    }
}

extension Array<UInt8> {
    /// The most bytes of content that a chunk's length can say (clause 5.3).
    private static var largestChunkByteCount: Int { Int(Int32.max) }

    /// Adds a zlib stream as chunks IDAT, in as few as hold it.
    mutating func append(imageData stream: UnsafeRawBufferPointer) {
        // Room for these chunks' frames and for the end.
        reserveCapacity(count + stream.count + 3 * PNGChunk.frameByteCount)
        for start in stride(from: 0, to: stream.count, by: Self.largestChunkByteCount) {
            let end = Swift.min(stream.count, start + Self.largestChunkByteCount)
            append(bigEndian: UInt32(end - start))
            let checked = count
            append(contentsOf: PNGChunk.Kind.imageData.letters)
            unsafe append(contentsOf: stream[start..<end])
            append(bigEndian: PNGChunk.checksum(of: span.extracting(checked..<count)))
        }
    }
}
