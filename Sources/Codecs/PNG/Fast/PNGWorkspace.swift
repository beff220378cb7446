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
    /// All rows of an image with their filter bytes.
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

    /// Deflates to a zlib stream in ``compressed``.
    ///
    /// - Returns: The stream, valid until ``compressed`` is used again, or nil where there is no
    ///   memory.
    func deflate(_ input: UnsafeRawBufferPointer, level: Int) -> UnsafeRawBufferPointer? {
        if level <= 1 {
            return unsafe deflate(input, by: &lowDeflater, level: level)
        }
        return unsafe deflate(input, by: &highDeflater, level: level)
    }

    private func deflate(
        _ input: UnsafeRawBufferPointer, by deflater: inout Deflater?, level: Int
    ) -> UnsafeRawBufferPointer? {
        if deflater?.level != level { deflater = Deflater(level: level) }
        guard let capacity = deflater?.largestByteCount(for: input.count),
            let output = unsafe compressed.bytes(capacity),
            let byteCount = unsafe deflater?.deflate(
                input, into: UnsafeMutableRawBufferPointer(start: output, count: capacity))
        else { return nil }
        return unsafe UnsafeRawBufferPointer(start: output, count: byteCount)
    }

    /// Deflates to a zlib stream in ``compressed``, quickly rather than well.
    ///
    /// - Returns: As ``deflate(_:level:)``.
    func deflateQuickly(
        _ input: UnsafeBufferPointer<UInt8>, repeating repetition: Repetition,
        checkpoint: Checkpoint
    ) throws(Interruption) -> UnsafeRawBufferPointer? {
        if quickDeflater == nil { quickDeflater = QuickDeflater() }
        guard let capacity = QuickDeflater.largestByteCount(for: input.count),
            let output = unsafe compressed.bytes(capacity),
            let byteCount = unsafe try quickDeflater?.deflate(
                input, repeating: repetition, into: output, checkpoint: checkpoint)
        else { return nil }
        return unsafe UnsafeRawBufferPointer(start: output, count: byteCount)
    }

    private func trim() {
        guard compressed.byteCount + filtered.byteCount + rows.byteCount > Self.largestIdleByteCount
        else { return }
        compressed.release()
        filtered.release()
        rows.release()
    }
}
