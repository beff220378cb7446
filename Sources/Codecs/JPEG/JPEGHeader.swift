internal import Images

/// The content of the marker that starts a frame (ITU-T T.81, annex B.2.2).
struct JPEGHeader {
    /// The dimensions of the image.
    let size: ImageSize

    /// Whether the coefficients come in several scans (SOF2), each of them finer.
    let isProgressive: Bool

    /// The number of components: 1 is gray, 3 colour, 4 ink for print.
    let componentCount: Int

    /// Reads the content of `marker`.
    ///
    /// - Throws: ``CodecError`` for what breaks a rule, and for kinds of JPEG that libjpeg-turbo
    ///   does not read: lossless and hierarchical ones, and other precisions than 8 bits.
    init(_ marker: JPEGMarker, in bytes: borrowing Span<UInt8>) throws(CodecError) {
        guard marker.isWhole else { throw marker.truncated }
        switch marker.code & 0x0F {
        case 3, 11: throw .unsupported(.jpeg, "lossless coding (marker \(marker.name))")
        case 5, 6, 7, 13, 14, 15:
            throw .unsupported(.jpeg, "hierarchical coding (marker \(marker.name))")
        default: break
        }
        guard marker.announcedByteCount >= 6 else {
            throw marker.malformed("has \(marker.announcedByteCount) bytes instead of 9 or more")
        }
        let start = marker.content.lowerBound
        guard bytes[start] == 8 else {
            throw .unsupported(.jpeg, "a precision of \(bytes[start]) bits")
        }
        let (height, width) = (bytes.bigEndian16(at: start + 1), bytes.bigEndian16(at: start + 3))
        guard height != 0 || width == 0 else {
            throw .unsupported(.jpeg, "a height that follows the pixels (marker DNL)")
        }
        guard let size = ImageSize(width: width, height: height) else {
            throw marker.malformed("announces \(width)×\(height) pixels")
        }
        componentCount = Int(bytes[start + 5])
        guard [1, 3, 4].contains(componentCount) else {
            throw .unsupported(.jpeg, "an image of \(componentCount) components")
        }
        guard marker.announcedByteCount == 6 + 3 * componentCount else {
            throw marker.malformed(
                "has \(marker.announcedByteCount) bytes, \(componentCount) components need "
                    + "\(6 + 3 * componentCount)")
        }
        self.size = size
        isProgressive = marker.name == "SOF2"
    }

    /// The format of the decoded pixels; ink becomes RGB.
    var pixelFormat: PixelFormat { componentCount == 1 ? .gray8 : .rgb8 }
}
