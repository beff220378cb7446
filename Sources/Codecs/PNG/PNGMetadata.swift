internal import CPNG
internal import Images

extension PNGFile {
    /// The metadata that can be used with pixels of `format`; what can't be is added to `warnings`.
    func metadata(
        from bytes: borrowing Span<UInt8>, for format: PixelFormat, _ warnings: inout [String]
    ) -> ImageMetadata {
        var metadata = ImageMetadata()
        metadata.colorimetry = colorimetry
        if let profile {
            do {
                let icc = try inflatedProfile(profile, in: bytes)
                guard ICCProfile.describes(format, profile: icc.span) else {
                    throw profile.malformed("holds a profile that does not describe \(format)")
                }
                metadata.iccProfile = icc
            } catch {
                warnings.append("\(error); it is ignored")
            }
        }
        metadata.exif = exif.map { Array(copying: bytes.extracting($0.content)) }
        metadata.xmp = xmp.flatMap { Self.plainText(of: bytes.extracting($0.content)) }
        return metadata
    }

    /// The profile in iCCP: a name, a zero, a compression method, a zlib stream (clause 11.3.2.3).
    private func inflatedProfile(
        _ chunk: PNGChunk, in bytes: borrowing Span<UInt8>
    ) throws(CodecError) -> [UInt8] {
        let content = bytes.extracting(chunk.content)
        guard let nameEnd = content.indices.prefix(80).first(where: { content[$0] == 0 }),
            content.count >= nameEnd + 2, content[nameEnd + 1] == 0
        else { throw chunk.malformed("has no profile name or another compression than zlib's") }
        let stream = content.extracting(nameEnd + 2..<content.count)

        var byteCount = uLongf(ImageMetadata.largestProfileByteCount)
        var status = Z_OK
        // The memory is only touched as far as the profile goes.
        let profile = unsafe [UInt8](
            unsafeUninitializedCapacity: ImageMetadata.largestProfileByteCount
        ) { buffer, count in
            status = unsafe stream.withUnsafeBufferPointer {
                unsafe uncompress(buffer.baseAddress, &byteCount, $0.baseAddress, uLong($0.count))
            }
            count = status == Z_OK ? Int(byteCount) : 0
        }
        switch status {
        case Z_OK: return Array(profile[...])
        case Z_BUF_ERROR:
            throw chunk.malformed(
                "inflates to more than \(ImageMetadata.largestProfileByteCount) bytes or ends early"
            )
        default: throw chunk.malformed("can't be inflated")
        }
    }

    /// The text of an iTXt chunk that is not compressed; compressed text is never inflated.
    ///
    /// Before the text lie a keyword, a zero, the two bytes that say how it is compressed, and two
    /// strings that end in zeros: language and translated keyword (clause 11.3.3.4).
    private static func plainText(of content: Span<UInt8>) -> [UInt8]? {
        guard let keywordEnd = content.indices.first(where: { content[$0] == 0 }),
            content.count >= keywordEnd + 3, content[keywordEnd + 1] == 0
        else { return nil }
        var start = keywordEnd + 3
        for _ in 0..<2 {
            guard let end = (start..<content.count).first(where: { content[$0] == 0 }) else {
                return nil
            }
            start = end + 1
        }
        return Array(copying: content.extracting(start..<content.count))
    }
}

extension ImageMetadata {
    /// The metadata as chunks, for pixels of a format that are upright.
    func pngChunks(for format: PixelFormat) -> [UInt8] {
        var chunks: [UInt8] = []
        let profile = fileProfile(for: format)
        chunks += colorimetry.chunks(besideProfile: profile != nil)
        if let profile, let compressed = Self.compressed(profile) {
            chunks.append(chunk: .profile, Array("ICC profile\0\0".utf8) + compressed)
        }
        if let exif { chunks.append(chunk: .exif, EXIF.upright(exif)) }
        if let xmp {
            let head = "XML:com.adobe.xmp\0\0\0\0\0"
            chunks.append(chunk: .internationalText, Array(head.utf8) + xmp)
        }
        return chunks
    }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var byteCount = compressBound(uLong(bytes.count))
        var status = Z_OK
        let stream = unsafe [UInt8](unsafeUninitializedCapacity: Int(byteCount)) { buffer, count in
            status = unsafe compress2(
                buffer.baseAddress, &byteCount, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
            count = status == Z_OK ? Int(byteCount) : 0
        }
        return status == Z_OK ? stream : nil
    }
}

extension Array<UInt8> {
    /// Adds a whole chunk.
    mutating func append(chunk kind: PNGChunk.Kind, _ content: [UInt8]) {
        append(bigEndian: UInt32(content.count))
        let start = count
        append(contentsOf: kind.letters)
        append(contentsOf: content)
        append(bigEndian: PNGChunk.checksum(of: span.extracting(start..<count)))
    }
}
