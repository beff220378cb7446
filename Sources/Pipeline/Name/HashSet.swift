/// A set of hashes that grows in parts: a set that doubles as one would hold all of its elements
/// twice for a moment, and a million inputs are to take 24 bytes each at most.
struct HashSet: Sendable {
    private var parts = [Set<UInt64>](repeating: [], count: 64)

    /// Adds a hash.
    ///
    /// - Returns: Whether it was not in the set.
    mutating func insert(_ hash: UInt64) -> Bool {
        parts[Int(hash >> 58)].insert(hash).inserted
    }
}
