public import Images
public import Profiling

/// What reads and writes one file format.
///
/// A codec holds no state and allocates no pixels: ``probe(_:limits:)`` says how much memory an
/// image takes, the caller finds that memory (on the heap or in a shared segment), and
/// ``decode(_:as:shrunkBy:into:checkpoint:)`` fills it. All functions may be called on any thread.
public protocol Codec: Sendable {
    /// The format that this codec is for.
    var format: ImageFormat { get }

    /// The library behind it with its version, for `--version`: `libpng 1.6.39`.
    var library: String { get }

    /// Reads the header of a file, without decoding pixels and without large allocations.
    ///
    /// - Parameters:
    ///   - bytes: The whole file. It comes from outside and may be anything.
    ///   - limits: What is refused here, before anything is allocated.
    /// - Returns: What the header says.
    /// - Throws: ``CodecError`` for what is malformed, not supported or too large.
    func probe(
        _ bytes: borrowing Span<UInt8>, limits: DecodeLimits
    ) throws(CodecError) -> ImageHeader

    /// Decodes a file into memory that the caller gives.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, the one that `header` was read from.
    ///   - header: What ``probe(_:limits:)`` returned for these bytes.
    ///   - shrink: One of `header.shrinks`; 1 decodes at full size.
    ///   - pixels: Receives the rows in `header.layout(shrunkBy: shrink)`; exactly that many bytes.
    ///     Their content is unspecified after an error.
    ///   - checkpoint: Asked at least every 16 rows and every scan.
    /// - Returns: The metadata of the file, and what was wrong with it but did not prevent decoding.
    /// - Throws: ``CodecError`` if the pixels cannot be had or `checkpoint` ends the work.
    func decode(
        _ bytes: borrowing Span<UInt8>, as header: ImageHeader, shrunkBy shrink: Int,
        into pixels: inout MutableRawSpan, checkpoint: Checkpoint
    ) throws(CodecError) -> DecodeReport

    /// The pixel format in which pixels of `format` must be given to the encoder: the same, or what
    /// the file format can hold of it; nil if this codec only reads.
    func formatToEncode(_ format: PixelFormat) -> PixelFormat?

    /// Encodes pixels to a whole file.
    ///
    /// - Parameters:
    ///   - pixels: The rows of `layout`, whose format ``formatToEncode(_:)`` leaves as it is.
    ///   - layout: What the bytes of `pixels` mean.
    ///   - metadata: What to carry over; orientation is not part of it, since it has been applied.
    ///   - options: Quality and effort.
    ///   - checkpoint: Asked at least every 16 rows.
    /// - Returns: The bytes of the file; the same for the same arguments on every machine.
    /// - Throws: ``CodecError`` if the format cannot hold the image or `checkpoint` ends the work.
    func encode(
        _ pixels: RawSpan, as layout: PixelLayout, metadata: ImageMetadata,
        options: EncodeOptions, checkpoint: Checkpoint
    ) throws(CodecError) -> [UInt8]
}
