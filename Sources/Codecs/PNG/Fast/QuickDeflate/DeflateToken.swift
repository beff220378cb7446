/// Some literals, then a copy of what came before: a part of a block.
struct DeflateToken {
    /// The bytes that stand for themselves.
    let literalCount: UInt32

    /// The bytes that are copied after them, 3 to 258; 0 for none, at the end of a block.
    let length: UInt16

    /// How far back the copy begins, 1 to 32768; meaningless without a copy.
    let distance: UInt16
}
