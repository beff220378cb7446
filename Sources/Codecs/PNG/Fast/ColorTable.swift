/// Up to 256 different colours in the order of their first use, with a quick way back to the index.
///
/// A colour is four bytes, red in the lowest and alpha in the highest.
struct ColorTable {
    /// The colours so far.
    private(set) var colors: [UInt32] = []

    /// For each slot of an open hash table the index of its colour, or −1.
    private var slots = [Int16](repeating: -1, count: slotCount)

    /// Four times the colours, so that few slots are looked at.
    private static let slotCount = 1024

    /// Adds a colour unless it is there; false if it would be the 257th.
    mutating func insert(_ color: UInt32) -> Bool {
        let slot = slot(of: color)
        if slots[slot] >= 0 { return true }
        guard colors.count < 256 else { return false }
        slots[slot] = Int16(colors.count)
        colors.append(color)
        return true
    }

    /// The index of a colour that was added.
    func index(of color: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: slots[slot(of: color)]) }

    /// The slot that holds `color`, or the free one where it belongs.
    private func slot(of color: UInt32) -> Int {
        // Multiplicative hashing (Knuth, volume 3, section 6.4): the golden ratio of 2³².
        var slot = Int((color &* 0x9E37_79B1) >> 22)
        while slots[slot] >= 0 && colors[Int(slots[slot])] != color {
            slot = (slot + 1) % Self.slotCount
        }
        return slot
    }
}
