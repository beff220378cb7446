/// A part of a block: some literals, then a copy of bytes before it.
struct DeflateToken {
    /// The bytes that stand for themselves.
    let literalCount: UInt32

    /// The bytes after them that are copied, 3 to 258; 0 at the block's end.
    let copyLength: UInt16

    /// How far before them the copied ones lie, 1 to 32768; less than the length repeats them.
    let distance: UInt16
}
