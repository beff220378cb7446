/// How long to wait before the next attempt at a download.
///
/// The wait doubles with each attempt, and chance takes up to half of it away: clients that a
/// server has turned away together do not come back together.
public struct RetryDelay: Hashable, Sendable {
    /// The longest wait after the first attempt.
    public var first: Duration = .milliseconds(500)

    /// The longest wait at all, whatever a server asks for.
    public var longest: Duration = .seconds(30)

    /// Half a second, then one, two, and so on up to thirty.
    public init() {}

    /// The wait after so many attempts.
    ///
    /// - Parameters:
    ///   - attempts: The attempts so far, at least 1.
    ///   - requested: What the server asked for in `Retry-After` (RFC 9110, section 10.2.3), if it
    ///     did; chance then comes on top.
    ///   - chance: A random number in 0..<1.
    /// - Returns: A duration from half of ``first`` to ``longest``.
    func duration(after attempts: Int, requested: Duration?, chance: Double) -> Duration {
        // 2^20 times any sensible wait is longer than the longest, and no overflow.
        let doubled = min(longest, first * (1 << min(attempts - 1, 20)))
        guard let requested, requested > .zero else { return doubled * (1 - chance / 2) }
        return min(longest, requested + first * chance)
    }
}
