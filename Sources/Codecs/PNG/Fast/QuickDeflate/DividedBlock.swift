/// A block divided into literals and copies; the memory belongs to its ``DeflateTokens``.
@safe
struct DividedBlock {
    /// What the block consists of.
    let bytes: UnsafeBufferPointer<UInt8>

    /// The tokens that make it up.
    let tokens: UnsafeBufferPointer<DeflateToken>

    /// The literals of all tokens, one after the other; 16 bytes behind them can be read, too.
    let literals: UnsafeBufferPointer<UInt8>
}
