internal import Profiling

/// Deflates filtered rows (RFC 1951) faster than any level of libdeflate: photographs,
/// in which nearly all is in the Huffman codes and little in repetitions, and images of a block or few.
///
/// On 16 photographs of 4 megapixels, with filtering: 394 MB/s of pixels and 74.7 MB; with
/// libdeflate's level 1 181 MB/s and 72.2 MB. ISA-L was not taken: it has other code for each
/// processor, and nobody promises that all give the same bytes.
@safe
struct QuickDeflater: ~Copyable {
    private var runs = RunSearch(largestBlock: Self.bytesPerBlock)
    private var copies = CopySearch(largestBlock: Self.bytesPerBlock)
    private let literals = LiteralCounter()

    /// The most bytes of a block: one code suits so many better than twice as many need a second one.
    ///
    /// It is a little more than 2¹⁶, so that rows with their filter bytes of an icon that has
    /// 256 pixels of gray and alpha a side are two blocks.
    private static let bytesPerBlock = 65 << 10

    /// The most bytes that a stream for `byteCount` bytes takes, and the 8 beyond its end that are
    /// also written.
    static func largestByteCount(for byteCount: Int) -> Int? {
        // What grows is stored, with at most 6 bytes before each piece.
        let blockCount = byteCount / bytesPerBlock + 1
        let pieceCount = blockCount * ((bytesPerBlock - 1) / DeflateBlock.largestStored + 1)
        let (sum, overflow) = byteCount.addingReportingOverflow(6 * pieceCount + 8)
        return overflow ? nil : sum
    }

    /// Deflates `input`, at least 1 byte, to blocks that end with a whole byte.
    ///
    /// - Parameters:
    ///   - input: The bytes.
    ///   - repetition: What is looked for.
    ///   - isLast: Whether nothing follows.
    ///   - output: Room for ``largestByteCount(for:)`` bytes, and for the 5 of an empty block more
    ///     unless `isLast`.
    ///   - checkpoint: Asked before each block.
    /// - Returns: The bytes of the blocks.
    /// - Throws: What the checkpoint throws.
    mutating func deflate(
        _ input: UnsafeBufferPointer<UInt8>, repeating repetition: Repetition, isLast: Bool,
        into output: UnsafeMutablePointer<UInt8>, checkpoint: Checkpoint
    ) throws(Interruption) -> Int {
        guard let start = input.baseAddress else { preconditionFailure("an empty input") }
        var writer = unsafe BitWriter(at: output)
        if repetition != .runs { copies.reset() }
        // Equal blocks: a code for a small rest would cost more than it saves.
        let blockCount = (input.count + Self.bytesPerBlock - 1) / Self.bytesPerBlock
        let bytesPerBlock = (input.count + blockCount - 1) / blockCount
        for offset in Swift.stride(from: 0, to: input.count, by: bytesPerBlock) {
            try checkpoint.check()
            let range = offset..<min(offset + bytesPerBlock, input.count)
            let divided =
                switch repetition {
                case .runs: unsafe runs.tokens(of: range, in: start)
                case .copies(let step): unsafe copies.tokens(of: range, in: start, step: step)
                }
            let block = DeflateBlock(divided, counter: literals)
            block.write(isLast: isLast && range.upperBound == input.count, to: &writer)
        }
        if !isLast { writer.addEmptyBlock() }
        return unsafe writer.finishByte() - output
    }
}
