internal import Glibc
public import Profiling

/// One image from standard input, and one to standard output.
public enum StandardStreams {
    private static let chunkByteCount = 1 << 20

    /// Reads standard input to its end.
    ///
    /// - Parameters:
    ///   - maximumByteCount: The most bytes that are read.
    ///   - cancellation: Ends the wait for bytes.
    /// - Returns: All bytes.
    /// - Throws: ``TransferError/tooLarge(limit:actual:)``, ``TransferError/cancelled``, and what
    ///   the system reports.
    public static func readInput(
        maximumByteCount: Int, cancellation: Cancellation? = nil
    ) throws(TransferError) -> [UInt8] {
        var stream = try ByteStream(standardInputUntil: cancellation)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkByteCount)
        while true {
            let count = try stream.read(into: &chunk, from: 0)
            if count == 0 { return bytes }
            guard count <= maximumByteCount - bytes.count else {
                throw .tooLarge(limit: maximumByteCount, actual: nil)
            }
            bytes += chunk[..<count]
        }
    }

    /// Writes all of `bytes` to standard output.
    ///
    /// - Throws: ``TransferError/brokenPipe`` if nobody reads it any more, which needs SIGPIPE to be
    ///   ignored; ``TransferError/noSpace(_:)`` and what else the system reports.
    public static func writeOutput(_ bytes: Span<UInt8>) throws(TransferError) {
        try writeAll(bytes, to: STDOUT_FILENO)
    }
}
