/// Counts how often each byte occurs.
@safe
struct LiteralCounter: ~Copyable {
    /// Four counts for each byte: a count that was just stored can't be loaded at once, and in images
    /// the same byte comes often.
    private let counts: UnsafeMutablePointer<UInt32>

    init() { unsafe counts = .allocate(capacity: 4 * 256) }

    deinit { unsafe counts.deallocate() }

    /// Begins anew.
    func reset() { unsafe counts.initialize(repeating: 0, count: 4 * 256) }

    /// Counts bytes.
    func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        for i in bytes.indices { unsafe counts[(i & 3) &<< 8 | Int(bytes[i])] &+= 1 }
    }

    /// How often `byte` was counted.
    func total(of byte: Int) -> UInt32 {
        unsafe counts[byte] &+ counts[256 + byte] &+ counts[512 + byte] &+ counts[768 + byte]
    }
}
