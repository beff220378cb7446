/// A part of a block: some literals, then a run of the byte before it.
struct DeflateToken {
    /// The bytes that stand for themselves.
    let literalCount: UInt32

    /// The bytes after them that are all equal to the one before, 3 to 258; 0 at the block's end.
    let runLength: UInt32
}
