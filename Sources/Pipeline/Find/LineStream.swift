internal import Profiling
internal import SystemCalls
internal import Transfer

/// A list that is being read, shared by the copies of the stream that reads it.
///
/// One thread at a time uses it: the one that enumerates.
final class LineStream {
    /// What the list is called; `-` for standard input.
    let path: BytePath

    private var list: ListFile

    /// Opens a list, or reads standard input where there is no path; `end` ends each wait for a
    /// line.
    init(
        _ path: BytePath?, separator: ListFile.Separator, until end: Cancellation?
    ) throws(TransferError) {
        self.path = path ?? "-"
        list =
            if let path {
                try ListFile(path, separator: separator, cancellation: end)
            } else {
                try ListFile(standardInputSeparatedBy: separator, cancellation: end)
            }
    }

    /// The next line that is not empty, or nil at the end.
    func next() throws(TransferError) -> [UInt8]? { try list.next() }
}
