internal import Profiling
internal import Synchronization

/// What the fast PNG path keeps from image to image: scratch memory, an inflater, a deflater.
///
/// Codecs hold no state and run on any thread, but thousands of icons a second leave no time to
/// allocate compressors, and photographs none for fresh pages. So workspaces lie in one list for
/// the whole process, and each call takes the one used last (its memory is still in a cache) for as
/// long as it runs. There are never more than calls at the same time.
///
/// `@unchecked Sendable`: a workspace is in the list or with one caller, never both.
final class PNGWorkspace: @unchecked Sendable {
    /// The most scratch memory that an idle workspace keeps, in bytes.
    ///
    /// It is enough to write a photograph of 24 megapixels again and again; more is given back after
    /// the image. Of what is kept, only pages that were used are in memory.
    static let largestIdleByteCount = 160 << 20

    /// The zlib stream of several IDAT chunks joined, or that which is to become one.
    var compressed = ScratchMemory()
    /// Rows with their filter bytes: all of an image to read, a band of one to write.
    var filtered = ScratchMemory()
    /// A few rows between the stages.
    var rows = ScratchMemory()

    private var inflater: Inflater?
    /// Two, since trials and the final run take turns.
    private var lowDeflater: Deflater?
    private var highDeflater: Deflater?
    private var quickDeflater: QuickDeflater?

    private static let idle = Mutex<[PNGWorkspace]>([])

    private init() {}

    /// Lends a workspace that nobody else uses while `body` runs.
    static func borrow<Result, Failure: Error>(
        _ body: (PNGWorkspace) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let workspace = idle.withLock { $0.popLast() } ?? PNGWorkspace()
        defer {
            workspace.trim()
            idle.withLock { $0.append(workspace) }
        }
        return try body(workspace)
    }

    /// Inflates a zlib stream; see ``Inflater/inflate(_:filling:)``.
    func inflate(
        _ input: UnsafeRawBufferPointer, filling output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        if inflater == nil { inflater = Inflater() }
        return unsafe inflater?.inflate(input, filling: output) ?? false
    }

    /// Deflates a piece of a stream.
    ///
    /// - Parameters:
    ///   - input: The piece, at least 1 byte.
    ///   - compression: How.
    ///   - isLast: Whether nothing follows; ``QuickDeflater`` asks, libdeflate always ends its stream.
    ///   - output: Room for ``largestByteCount(for:)`` bytes, and 5 more unless `isLast`.
    ///   - checkpoint: Asked by ``QuickDeflater`` only.
    /// - Returns: The bytes written, or nil where there is no memory.
    /// - Throws: What the checkpoint throws.
    func deflate(
        _ input: UnsafeBufferPointer<UInt8>, by compression: Compression, isLast: Bool,
        into output: UnsafeMutablePointer<UInt8>, checkpoint: Checkpoint
    ) throws(Interruption) -> Int? {
        switch compression {
        case .quick(let repetition):
            if quickDeflater == nil { quickDeflater = QuickDeflater() }
            return unsafe try quickDeflater?.deflate(
                input, repeating: repetition, isLast: isLast, into: output, checkpoint: checkpoint)
        case .level(let level) where level <= 1:
            return unsafe Self.deflate(input, into: output, by: &lowDeflater, level: level)
        case .level(let level):
            return unsafe Self.deflate(input, into: output, by: &highDeflater, level: level)
        }
    }

    private static func deflate(
        _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<UInt8>,
        by deflater: inout Deflater?, level: Int
    ) -> Int? {
        if deflater?.level != level { deflater = Deflater(level: level) }
        let capacity = Deflater.largestByteCount(for: input.count)
        return unsafe deflater?.deflate(
            UnsafeRawBufferPointer(input),
            into: UnsafeMutableRawBufferPointer(start: output, count: capacity))
    }

    /// The most bytes that ``deflate(_:by:isLast:into:checkpoint:)`` writes for so many where
    /// `isLast`, whatever the compression, or nil where they don't fit an `Int`.
    static func largestByteCount(for byteCount: Int) -> Int? {
        QuickDeflater.largestByteCount(for: byteCount).map {
            max($0, Deflater.largestByteCount(for: byteCount))
        }
    }

    private func trim() {
        guard compressed.byteCount + filtered.byteCount + rows.byteCount > Self.largestIdleByteCount
        else { return }
        compressed.release()
        filtered.release()
        rows.release()
    }
}
