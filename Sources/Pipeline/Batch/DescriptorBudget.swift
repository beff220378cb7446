/// How many descriptors a run takes, and how it is made to fit what it may have.
public struct DescriptorBudget: Hashable, Sendable {
    /// What a run has open whatever its size: the standard streams, the ledger, folders that are
    /// kept open, and a margin for the libraries.
    private static let fixedCount = 32

    /// A child's socket, its pidfd, its standard error and its segment.
    private static let countOfLane = 4

    /// A file, or a connection and what resolving its name takes, and a temporary file.
    private static let countOfIOJob = 4

    /// The most outputs that are ever written and have no name yet: those that are given one, and
    /// those that wait behind them.
    private static let openOutputCount = 2 * Publisher.capacity

    /// The descriptors that are needed, which are more than there are.
    public struct Shortage: Error, Hashable, CustomStringConvertible {
        /// With one I/O thread.
        public let needed: Int

        /// The limit.
        public let allowed: Int

        /// The line for the terminal.
        public var description: String {
            "cannot open enough files: \(needed) descriptors needed, \(allowed) allowed; "
                + "lower --jobs or raise the limit with ulimit -n"
        }
    }

    /// Lowers the number of I/O threads until the run fits, and lets outputs wait as open files as
    /// far as that leaves descriptors.
    ///
    /// - Parameters:
    ///   - settings: How the run would work with any number of descriptors.
    ///   - limit: The descriptors that this process may have.
    /// - Returns: The most descriptors that the run takes.
    /// - Throws: ``Shortage`` if it does not fit even with one I/O thread.
    @discardableResult
    public static func fit(
        _ settings: inout RunSettings, into limit: Int
    ) throws(Shortage) -> Int {
        let lanes = settings.mode == .processes ? settings.jobs * countOfLane : 0
        let ioJobs = (limit - fixedCount - lanes) / countOfIOJob
        guard ioJobs >= 1 else {
            throw Shortage(needed: fixedCount + lanes + countOfIOJob, allowed: limit)
        }
        settings.ioJobs = min(settings.ioJobs, ioJobs)
        let others = fixedCount + lanes + settings.ioJobs * countOfIOJob
        settings.openOutputCount = min(openOutputCount, limit - others)
        return others + settings.openOutputCount
    }
}
