internal import Images

extension ColorReduction.ColorModel {
    /// The colour model of an ICC profile, by the field of its header (ICC.1:2022, clause 7.2.6);
    /// nil for one that is neither.
    init?(iccProfile: [UInt8]) {
        guard iccProfile.count >= 20 else { return nil }
        switch iccProfile[16..<20] {
        case [0x47, 0x52, 0x41, 0x59]: self = .gray  // GRAY
        case [0x52, 0x47, 0x42, 0x20]: self = .rgb  // RGB
        default: return nil
        }
    }
}

extension FastPNGWriter {
    /// Adds the chunks before the image data, in the order that the specification wants (PNG, third
    /// edition, clause 5.6).
    func appendHeader(
        of form: StoredForm, level: Int, to writer: inout PNGChunkWriter
    ) throws(CodecError) {
        writer.append(PNGChunkType.header, form.header.bytes)
        if let profile = metadata.iccProfile {
            writer.append(PNGChunkType.profile, try profileChunk(profile, level: level))
        }
        if !form.palette.isEmpty {
            writer.append(PNGChunkType.palette, form.palette.flatMap { $0.bytes.prefix(3) })
            let alpha = form.palette.map { $0.bytes[3] }.prefix { $0 != 255 }
            if !alpha.isEmpty { writer.append(PNGChunkType.transparency, Array(alpha)) }
        }
        if let exif = metadata.exif { writer.append(PNGChunkType.exif, exif) }
        if let xmp = metadata.xmp {
            // Keyword, no compression, no language, no translation (XMP, part 3, clause 1.1.5).
            let keyword = Array("XML:com.adobe.xmp".utf8) + [0, 0, 0, 0, 0]
            writer.append(PNGChunkType.internationalText, keyword + xmp)
        }
    }

    /// The content of `iCCP`: a name, the method 0, the profile as a zlib stream.
    private func profileChunk(_ profile: [UInt8], level: Int) throws(CodecError) -> [UInt8] {
        let stream = unsafe profile.withUnsafeBytes { profile in
            unsafe workspace.deflate(profile, level: level).map { unsafe Array($0) }
        }
        guard let stream else {
            throw .libraryFailed("no memory to compress \(profile.count) bytes")
        }
        return Array("ICC profile".utf8) + [0, 0] + stream
    }
}

extension PNGHeader {
    /// The content of the IHDR chunk.
    fileprivate var bytes: [UInt8] {
        UInt32(size.width).bytes.reversed() + UInt32(size.height).bytes.reversed()
            + [UInt8(bitDepth), colorType.rawValue, 0, 0, isInterlaced ? 1 : 0]
    }
}

extension UInt32 {
    /// The four bytes, the lowest first.
    fileprivate var bytes: [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}
