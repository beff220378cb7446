internal import CDeflate
internal import Profiling

/// A zlib stream (RFC 1950) in the making: pieces that are deflated one after the other, each without
/// a look at those before it.
///
/// libdeflate compresses whole buffers only, which takes minutes for large ones, and always ends its
/// stream. So of each piece but the last the end is undone: the last block is found and told that it
/// is not the last, and an empty one fills its last byte.
///
/// A copy of the value goes on by itself, at the same place of the same memory.
@safe
struct ZlibStream {
    private let workspace: PNGWorkspace
    private let start: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private let largestPiece: Int
    private let checkpoint: Checkpoint

    /// The bytes that are there.
    private(set) var byteCount = 0

    private var checksum: UInt32 = 1

    private static let headerByteCount = 2
    private static let checksumByteCount = 4

    /// The most bytes that the joint after a piece takes: a zero, and the lengths of an empty block.
    private static let jointByteCount = 5

    /// Begins a stream, or nil where there is no memory for it.
    ///
    /// - Parameters:
    ///   - pieceCount: How many pieces will be appended at most.
    ///   - largestPiece: The most bytes of a piece, at least 1; more are divided.
    ///   - workspace: Its ``PNGWorkspace/compressed`` holds the stream.
    ///   - checkpoint: Asked before each piece.
    init?(
        pieceCount: Int, largestPiece: Int, in workspace: PNGWorkspace, checkpoint: Checkpoint
    ) {
        self.largestPiece = largestPiece
        guard let pieceByteCount = PNGWorkspace.largestByteCount(for: largestPiece) else {
            return nil
        }
        let (sum, overflow) = (pieceByteCount + Self.jointByteCount)
            .multipliedReportingOverflow(by: pieceCount)
        let frameByteCount = Self.headerByteCount + Self.checksumByteCount
        guard !overflow, sum <= .max - frameByteCount,
            let memory = unsafe workspace.compressed.bytes(sum + frameByteCount)
        else { return nil }
        unsafe start = memory
        capacity = sum + frameByteCount
        self.workspace = workspace
        self.checkpoint = checkpoint
    }

    /// Deflates a band of rows and adds it.
    ///
    /// - Parameters:
    ///   - band: One of those that were announced.
    ///   - compression: How; another band may have another one.
    ///   - isLast: Whether no band follows.
    /// - Throws: ``CodecError/interrupted(_:)``, or ``CodecError/libraryFailed(_:)``.
    mutating func append(
        _ band: UnsafeBufferPointer<UInt8>, by compression: Compression, isLast: Bool
    ) throws(CodecError) {
        if byteCount == 0 { beginWithHeader(compression) }
        checksum = unsafe libdeflate_adler32(checksum, band.baseAddress, band.count)
        for offset in stride(from: 0, to: band.count, by: largestPiece) {
            let end = min(offset + largestPiece, band.count)
            let piece = unsafe UnsafeBufferPointer(rebasing: band[offset..<end])
            let isEnd = isLast && end == band.count
            unsafe try append(piece: piece, by: compression, isLast: isEnd)
        }
    }

    /// The bytes that a band would take.
    ///
    /// - Parameters:
    ///   - band: A band or a part of one.
    ///   - compression: How.
    /// - Returns: A number of bytes.
    /// - Throws: As ``append(_:by:isLast:)``.
    func trialByteCount(
        of band: UnsafeBufferPointer<UInt8>, by compression: Compression
    ) throws(CodecError) -> Int {
        var trial = self
        unsafe try trial.append(band, by: compression, isLast: true)
        return trial.byteCount - byteCount
    }

    /// Ends the stream after its last band.
    ///
    /// - Returns: All of it, valid until ``PNGWorkspace/compressed`` is used again.
    mutating func finish() -> UnsafeRawBufferPointer {
        for shift in [24, 16, 8, 0] { append(byte: UInt8(truncatingIfNeeded: checksum >> shift)) }
        return unsafe UnsafeRawBufferPointer(start: start, count: byteCount)
    }

    /// Deflate, a window of 32 KiB, and how much was tried (clause 2.2).
    private mutating func beginWithHeader(_ compression: Compression) {
        append(byte: 0x78)
        switch compression {
        case .quick, .level(..<2): append(byte: 0x01)
        case .level(..<6): append(byte: 0x5E)
        case .level(..<8): append(byte: 0x9C)
        case .level: append(byte: 0xDA)
        }
    }

    private mutating func append(
        piece: UnsafeBufferPointer<UInt8>, by compression: Compression, isLast: Bool
    ) throws(CodecError) {
        let most = PNGWorkspace.largestByteCount(for: piece.count) ?? .max
        precondition(
            most <= capacity - byteCount - Self.jointByteCount - Self.checksumByteCount,
            "more bytes than were announced")
        let written: Int?
        do throws(Interruption) {
            try checkpoint.check()
            written = unsafe try workspace.deflate(
                piece, by: compression, isLast: isLast, into: start + byteCount,
                checkpoint: checkpoint)
        } catch {
            throw .interrupted(error)
        }
        guard let written else {
            throw .libraryFailed("no memory to compress \(piece.count) bytes")
        }
        let stream = byteCount..<byteCount + written
        byteCount = stream.upperBound
        if case .level = compression, !isLast { try reopen(stream) }
    }

    /// Lets the stream of a piece go on.
    private mutating func reopen(_ stream: Range<Int>) throws(CodecError) {
        let bytes = unsafe UnsafeMutableBufferPointer(
            start: start + stream.lowerBound, count: stream.count)
        let walk: DeflateWalk
        do throws(DeflateFault) {
            walk = unsafe try DeflateWalk(over: bytes.span)
        } catch {
            throw .libraryFailed("libdeflate: \(error)")
        }
        guard walk.end > 8 * (stream.count - 1) else {
            throw .libraryFailed(
                "libdeflate: its stream ends at bit \(walk.end) of \(8 * stream.count)")
        }
        unsafe bytes[walk.lastBlock / 8] &= ~(1 << UInt8(walk.lastBlock % 8))
        guard walk.end < 8 * stream.count else { return }
        // The three bits of the empty block's head may not fit.
        if walk.end > 8 * stream.count - 3 { append(byte: 0) }
        for byte: UInt8 in [0, 0, 0xFF, 0xFF] { append(byte: byte) }
    }

    private mutating func append(byte: UInt8) {
        unsafe start[byteCount] = byte
        byteCount += 1
    }
}
