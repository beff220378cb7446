internal import Images

/// Where the metadata of a JPEG file lies.
struct JPEGMetadata {
    private static let exifSignature: StaticString = "Exif\0\0"
    private static let xmpSignature: StaticString = "http://ns.adobe.com/xap/1.0/\0"
    private static let profileSignature: StaticString = "ICC_PROFILE\0"

    /// The most parts of a profile, whose numbers are of one byte.
    private static let largestPartCount = 255

    /// The EXIF block from its TIFF header on.
    private(set) var exif: Range<Int>?

    /// The XMP packet.
    private(set) var xmp: Range<Int>?

    private var profileParts: [ProfilePart] = []

    /// A part of an ICC profile (ICC.1:2022, annex B.4).
    private struct ProfilePart {
        /// The place of the part, from 1.
        let number: UInt8

        /// How many parts there are.
        let count: UInt8

        /// Where its bytes lie in the file.
        let content: Range<Int>
    }

    /// Notes what `marker` holds; of two EXIF blocks or XMP packets the first one counts.
    mutating func add(_ marker: JPEGMarker, of bytes: borrowing Span<UInt8>) {
        func content(after signature: StaticString) -> Range<Int>? {
            guard bytes.extracting(marker.content).has(signature, at: 0) else { return nil }
            return marker.content.dropFirst(signature.utf8CodeUnitCount)
        }
        switch marker.name {
        case "APP1":
            exif = exif ?? content(after: Self.exifSignature)
            xmp = xmp ?? content(after: Self.xmpSignature)
        case "APP2":
            guard let part = content(after: Self.profileSignature), part.count >= 2,
                profileParts.count <= Self.largestPartCount
            else { return }
            profileParts.append(
                ProfilePart(
                    number: bytes[part.lowerBound], count: bytes[part.lowerBound + 1],
                    content: part.dropFirst(2)))
        default: break
        }
    }

    /// The metadata that can be used with pixels of `format`; what can't be is added to `warnings`.
    func read(
        from bytes: borrowing Span<UInt8>, for format: PixelFormat, _ warnings: inout [String]
    ) -> ImageMetadata {
        var metadata = ImageMetadata()
        if let profile = profile(from: bytes) {
            if ICCProfile.describes(format, profile: profile.span) {
                metadata.iccProfile = profile
            } else {
                warnings.append("the ICC profile does not describe \(format); it is ignored")
            }
        } else if !profileParts.isEmpty {
            warnings.append("the ICC profile is not whole or larger than 4 MiB; it is ignored")
        }
        metadata.exif = exif.map { Array(copying: bytes.extracting($0)) }
        metadata.xmp = xmp.map { Array(copying: bytes.extracting($0)) }
        return metadata
    }

    private func profile(from bytes: borrowing Span<UInt8>) -> [UInt8]? {
        let parts = profileParts.sorted { $0.number < $1.number }
        let isWhole =
            parts.map { Int($0.number) } == Array(1..<parts.count + 1)
            && parts.allSatisfy { Int($0.count) == parts.count }
        let byteCount = parts.reduce(0) { $0 + $1.content.count }
        guard isWhole, (1...ImageMetadata.largestProfileByteCount).contains(byteCount) else {
            return nil
        }
        var profile: [UInt8] = []
        profile.reserveCapacity(byteCount)
        for part in parts { profile += Array(copying: bytes.extracting(part.content)) }
        return profile
    }
}

extension JPEGMetadata {
    /// Metadata as markers, for pixels of a format that are upright.
    ///
    /// An EXIF block or XMP packet that does not fit a marker's 65533 bytes is left out.
    static func markers(of metadata: ImageMetadata, for format: PixelFormat) -> [UInt8] {
        var markers: [UInt8] = []
        if let exif = metadata.exif {
            markers.append(marker: 0xE1, exifSignature, EXIF.upright(exif)[...])
        }
        if let xmp = metadata.xmp { markers.append(marker: 0xE1, xmpSignature, xmp[...]) }
        if let profile = metadata.profile(for: format) {
            let largestPart = 65519
            let count = (profile.count + largestPart - 1) / largestPart
            for index in 0..<count where count <= largestPartCount {
                let part = profile[
                    index * largestPart..<min((index + 1) * largestPart, profile.count)]
                markers.append(
                    marker: 0xE2, profileSignature, [UInt8(index + 1), UInt8(count)] + part)
            }
        }
        return markers
    }
}

extension Array<UInt8> {
    private static var largestMarkerContent: Int { 65533 }

    /// Adds a marker with its content, unless that is too long for one.
    fileprivate mutating func append(
        marker code: UInt8, _ signature: StaticString, _ content: ArraySlice<UInt8>
    ) {
        let byteCount = signature.utf8CodeUnitCount + content.count
        guard byteCount <= Self.largestMarkerContent else { return }
        append(contentsOf: [0xFF, code])
        append(bigEndian: UInt16(byteCount + 2))
        append(contentsOf: Array(signature.description.utf8))
        append(contentsOf: content)
    }
}
