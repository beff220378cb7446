public import Images

/// The codecs of this build: the place to add one.
public enum CodecTable {
    /// All codecs that were compiled in.
    public static let available: [any Codec] = {
        var codecs: [any Codec] = [PNGCodec(), GIFCodec()]
        #if HAVE_JPEG
            codecs.append(JPEGCodec())
        #endif
        #if HAVE_WEBP
            codecs.append(WebPCodec())
        #endif
        #if HAVE_TIFF
            codecs.append(TIFFCodec())
        #endif
        return codecs
    }()

    /// Finds the codec for a format.
    ///
    /// - Throws: ``CodecError/libraryMissing(_:library:)`` if this build was made without it.
    public static func codec(for format: ImageFormat) throws(CodecError) -> any Codec {
        guard let codec = available.first(where: { $0.format == format }) else {
            throw .libraryMissing(format, library: library(for: format))
        }
        return codec
    }

    /// Finds the codec for a file by its first bytes, of which 16 are enough.
    ///
    /// - Throws: ``CodecError/unknownFormat`` if they are of no known format;
    ///   ``CodecError/libraryMissing(_:library:)`` if this build was made without its codec.
    public static func codec(
        forFirstBytes firstBytes: borrowing Span<UInt8>
    ) throws(CodecError) -> any Codec {
        guard let format = ImageFormat(firstBytes: firstBytes) else { throw .unknownFormat }
        return try codec(for: format)
    }

    /// The library that a build must have for a format, by the name that people know.
    private static func library(for format: ImageFormat) -> String {
        switch format {
        case .png: "libpng"
        case .jpeg: "libjpeg-turbo"
        case .webp: "libwebp"
        case .tiff: "libtiff"
        case .gif: "gif"
        }
    }
}
