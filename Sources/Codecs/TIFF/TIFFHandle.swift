internal import CTIFF
internal import Images

/// An open TIFF file of libtiff, closed when its owner goes.
@safe
struct TIFFHandle: ~Copyable {
    /// What the functions of `CTIFF` take.
    let pointer: OpaquePointer

    private static let messageByteCount = 200

    /// Opens a file for reading and lends it to `body`.
    static func withFile<Result>(
        _ bytes: borrowing Span<UInt8>,
        _ body: (borrowing TIFFHandle) throws(CodecError) -> Result
    ) throws(CodecError) -> Result {
        let bytes = bytes.extracting(bytes.indices)
        return try unsafe bytes.withUnsafeBufferPointer { bytes throws(CodecError) in
            var message = [CChar](repeating: 0, count: messageByteCount)
            guard
                let pointer = unsafe pixloom_tiff_open(bytes.baseAddress, bytes.count, &message)
            else {
                throw unsafe .malformed(
                    .tiff, message.withUnsafeBytes(String.init(libraryMessage:)))
            }
            return try unsafe body(TIFFHandle(adopting: pointer))
        }
    }

    /// Begins a file for writing, of the kind for more than 4 GiB if `isBig`.
    init(writingBigFile isBig: Bool) throws(CodecError) {
        guard let pointer = unsafe pixloom_tiff_create(isBig) else {
            throw .libraryFailed("libtiff: out of memory")
        }
        unsafe self.pointer = pointer
    }

    private init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe pixloom_tiff_close(pointer)
    }

    /// What libtiff said by its last error, or else by its first warning; empty if it said nothing.
    var message: String {
        let message = unsafe pixloom_tiff_message(pointer)
        return unsafe String(
            libraryMessage: UnsafeRawBufferPointer(start: message, count: Self.messageByteCount))
    }

    /// The bytes of a tag, or nil if the first page has none.
    func bytes(ofTag tag: Int) -> [UInt8]? {
        var count = 0
        guard let start = unsafe pixloom_tiff_bytes_of_tag(pointer, UInt32(tag), &count) else {
            return nil
        }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }
}
