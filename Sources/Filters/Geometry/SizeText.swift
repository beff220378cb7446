/// Reads sizes and places as the command line writes them.
enum SizeText {
    /// `640x480`, and with `mayOmit` `640x` and `x480` too.
    static func sides(
        _ text: some StringProtocol, mayOmit: Bool = false
    ) -> (width: Int?, height: Int?)? {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, !(parts[0].isEmpty && parts[1].isEmpty) else { return nil }
        var sides: [Int?] = []
        for part in parts {
            if part.isEmpty && mayOmit {
                sides.append(nil)
            } else {
                guard let side = wholeNumber(part), side >= 1 else { return nil }
                sides.append(side)
            }
        }
        return (sides[0], sides[1])
    }

    /// Digits alone, up to the largest side of an image; `Int` would take a sign too.
    static func wholeNumber(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text).flatMap { $0 <= Int(Int32.max) ? $0 : nil }
    }
}
