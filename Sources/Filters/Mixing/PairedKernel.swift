/// The weights of a convolution in whole numbers, two by two.
///
/// A sum of weights of 65536ths fills 32 bits. Of those before the middle, which sum to less than a
/// half, each is given in 131072ths: they are summed first, and then the sum is halved. So all
/// weights together are wrong by a quarter less.
struct PairedKernel: Sendable {
    /// The pairs in order; what is missing in the first and in the last has no weight.
    let pairs: [WeightPair]

    /// The first pairs, whose weights are 131072ths.
    let fineCount: Int

    /// What each weight is now.
    let used: [Double]

    /// How many levels of 65535 a result may be from that of the exact weights, for any samples.
    let largestError: Double

    /// Rounds weights, or gives nil if one of them does not fit 16 bits.
    ///
    /// They still sum to 1, so that flat areas stay as they are.
    ///
    /// - Parameters:
    ///   - weights: They sum to 1, the same from both ends; none is below zero.
    ///   - place: Where in the pairs the first weight is: 0, 1 or 2.
    ///   - pairCount: The pairs, enough for all weights.
    init?(_ weights: [Double], after place: Int, pairCount: Int) {
        fineCount = (weights.count / 2 + place) / 2
        let end = max(2 * fineCount - place, 0)
        let fine = weights[..<end].map { $0 * 131072 }
        // An even sum, of which half is whole.
        let fineSum = 2 * Int((fine.reduce(0, +) / 2).rounded())
        let coarse = weights[end...].map { $0 * 65536 }
        let whole =
            Self.whole(fine, sum: fineSum) + Self.whole(coarse, sum: 65536 - fineSum / 2)
        let fitting = whole.compactMap { Int16(exactly: $0) }
        guard fitting.count == weights.count else { return nil }
        pairs = (0..<pairCount).map { pair in
            func weight(_ index: Int) -> Int16 {
                fitting.indices.contains(index) ? fitting[index] : 0
            }
            return WeightPair(weight(2 * pair - place), weight(2 * pair - place + 1))
        }
        used = fitting.enumerated().map { Double($1) / ($0 < end ? 131072 : 65536) }
        // Errors that sum to 0 weigh most where white is under all that are above it. Then the sum is
        // rounded.
        largestError =
            zip(used, weights).reduce(0) { $0 + abs($1.0 - $1.1) } * 65535 / 2 + 0.5
    }

    /// Values rounded so that they have a given sum: up are those that lose most otherwise.
    private static func whole(_ values: [Double], sum: Int) -> [Int] {
        var whole = values.map { Int($0.rounded(.down)) }
        let missing = max(sum - whole.reduce(0, +), 0)
        let most = values.indices.sorted {
            values[$0] - Double(whole[$0]) > values[$1] - Double(whole[$1])
        }
        for index in most.prefix(missing) { whole[index] += 1 }
        return whole
    }
}
