public import Profiling
public import SystemCalls

/// A list with one path or URL a line, read as a stream: a list of any length takes the same memory.
///
/// A carriage return at the end of a line is dropped and empty lines are passed over. Between NULs
/// instead, where names may contain anything, every byte counts.
public struct ListFile: ~Copyable {
    /// What ends a line.
    public enum Separator: UInt8, Sendable {
        /// A line feed.
        case newline = 0x0A

        /// A byte of value zero, as `find -print0` writes it.
        case nul = 0
    }

    /// The most bytes in a line.
    public static let longestLine = 1 << 16

    /// The number of the line that was read last, from 1; empty lines count.
    public private(set) var lineNumber = 0

    private var stream: ByteStream
    private let separator: Separator
    /// The bytes that were read and not yet given out are at `unread`; one more than a line's.
    private var buffer = [UInt8](repeating: 0, count: longestLine + 1)
    private var unread = 0..<0
    private var isAtEnd = false

    /// Opens a list.
    ///
    /// - Parameters:
    ///   - path: The list; it may be a fifo.
    ///   - separator: What ends a line.
    ///   - cancellation: Ends the wait for bytes.
    /// - Throws: ``TransferError/notFound`` and what else the system reports.
    public init(
        _ path: BytePath, separator: Separator = .newline, cancellation: Cancellation? = nil
    ) throws(TransferError) {
        stream = try ByteStream(path, cancellation: cancellation)
        self.separator = separator
    }

    /// Reads a list from standard input.
    ///
    /// - Parameters:
    ///   - separator: What ends a line.
    ///   - cancellation: Ends the wait for bytes.
    /// - Throws: What the system reports, for example if standard input is closed.
    public init(
        standardInputSeparatedBy separator: Separator, cancellation: Cancellation? = nil
    ) throws(TransferError) {
        stream = try ByteStream(standardInputUntil: cancellation)
        self.separator = separator
    }

    /// The next line that is not empty, without what ends it; nil at the end.
    ///
    /// - Returns: The bytes of the line, at least 1.
    /// - Throws: ``TransferError/lineTooLong(number:limit:)``, after which the list is at its end;
    ///   ``TransferError/notAFile(_:)`` for a folder; ``TransferError/cancelled``.
    public mutating func next() throws(TransferError) -> [UInt8]? {
        while let line = try nextLine() {
            if !line.isEmpty { return Array(line) }
        }
        return nil
    }

    private mutating func nextLine() throws(TransferError) -> ArraySlice<UInt8>? {
        // The bytes before this index are known to have no separator in them.
        var searched = unread.lowerBound
        while true {
            let end = buffer[searched..<unread.upperBound].firstIndex(of: separator.rawValue)
            if let end { return takeLine(upTo: end, next: end + 1) }
            if isAtEnd {
                return unread.isEmpty
                    ? nil : takeLine(upTo: unread.upperBound, next: unread.upperBound)
            }
            try moveUnreadToStart()
            searched = unread.upperBound
            let count = try stream.read(into: &buffer, from: unread.upperBound)
            unread = 0..<(unread.upperBound + count)
            isAtEnd = count == 0
        }
    }

    private mutating func takeLine(upTo end: Int, next: Int) -> ArraySlice<UInt8> {
        var line = buffer[unread.lowerBound..<end]
        if separator == .newline, line.last == UInt8(ascii: "\r") { line.removeLast() }
        unread = next..<unread.upperBound
        lineNumber += 1
        return line
    }

    private mutating func moveUnreadToStart() throws(TransferError) {
        guard unread.count < buffer.count else {
            isAtEnd = true
            unread = 0..<0
            throw .lineTooLong(number: lineNumber + 1, limit: Self.longestLine)
        }
        if unread.lowerBound > 0 {
            for index in unread { buffer[index - unread.lowerBound] = buffer[index] }
            unread = 0..<unread.count
        }
    }
}
