internal import Images

extension WebPFile {
    /// The EXIF block from its TIFF header on; some writers put the signature of JPEG before it.
    func exifBlock(in bytes: borrowing Span<UInt8>) -> Range<Int>? {
        guard let content = exif?.content else { return nil }
        return bytes.extracting(content).has("Exif\0\0", at: 0) ? content.dropFirst(6) : content
    }

    /// The metadata that can be used with pixels of `format`; what can't be is added to `warnings`.
    func metadata(
        from bytes: borrowing Span<UInt8>, for format: PixelFormat, _ warnings: inout [String]
    ) -> ImageMetadata {
        var metadata = ImageMetadata()
        if let profile {
            let content = bytes.extracting(profile.content)
            if let fault = ICCProfile.fault(of: content, for: format) {
                warnings.append(fault)
            } else {
                metadata.iccProfile = Array(copying: content)
            }
        }
        metadata.exif = exifBlock(in: bytes).map { Array(copying: bytes.extracting($0)) }
        metadata.xmp = xmp.map { Array(copying: bytes.extracting($0.content)) }
        return metadata
    }
}

extension ImageMetadata {
    /// A file without metadata made into one with it, in the extended format.
    ///
    /// That begins with the chunk VP8X, which says what else is there and the size of the canvas
    /// (RFC 9649, section 2.7).
    ///
    /// - Parameters:
    ///   - file: A file of the simple format, or an extended one that libwebp writes for alpha.
    ///   - layout: What was encoded.
    /// - Returns: The file as it is if there is nothing to add.
    func added(toWebP file: [UInt8], of layout: PixelLayout) -> [UInt8] {
        let profile = profile(for: layout.format)
        guard profile != nil || exif != nil || xmp != nil else { return file }
        var flags: UInt8 = layout.format.hasAlpha ? 0x10 : 0
        var before: [UInt8] = []
        var after: [UInt8] = []
        if let profile {
            flags |= 0x20
            before.append(chunk: "ICCP", profile)
        }
        if let exif {
            flags |= 0x08
            after.append(chunk: "EXIF", EXIF.upright(exif))
        }
        if let xmp {
            flags |= 0x04
            after.append(chunk: "XMP ", xmp)
        }
        let canvas = [layout.width - 1, layout.height - 1].flatMap { side in
            [0, 8, 16].map { UInt8(truncatingIfNeeded: side >> $0) }
        }
        let chunksStart = file.span.has("VP8X", at: 12) ? 30 : 12
        var body = Array("WEBP".utf8)
        body.append(chunk: "VP8X", [flags, 0, 0, 0] + canvas)
        body += before + file[chunksStart...] + after
        var result: [UInt8] = []
        result.append(chunk: "RIFF", body)
        return result
    }
}
