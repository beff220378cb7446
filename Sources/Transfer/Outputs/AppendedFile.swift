internal import Glibc
internal import SystemCalls

/// A file that only grows, such as a ledger: each append goes to its end whole.
public struct AppendedFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Appends bytes; with several writers each one's bytes stay together.
    ///
    /// - Throws: ``TransferError`` as write(2) reports it.
    public func append(_ bytes: Span<UInt8>) throws(TransferError) {
        try descriptor.writeAll(bytes)
    }

    /// Waits until what was appended is on disk.
    ///
    /// - Throws: ``TransferError`` as fdatasync(2) reports it; it is not to be called again then.
    public func sync() throws(TransferError) {
        guard fdatasync(descriptor.rawValue) == 0 else { throw .last("fdatasync") }
    }

    /// Reads the file from its start, piece by piece.
    ///
    /// - Parameter body: Gets the next bytes, which are lent for the call.
    /// - Throws: ``TransferError`` as pread(2) reports it.
    public func forEachPiece(_ body: (ArraySlice<UInt8>) -> Void) throws(TransferError) {
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        var offset = 0
        while true {
            let count = retryingInterrupted {
                unsafe piece.withUnsafeMutableBytes {
                    unsafe pread(descriptor.rawValue, $0.baseAddress, $0.count, off_t(offset))
                }
            }
            guard count >= 0 else { throw .last("pread") }
            if count == 0 { return }
            body(piece[..<count])
            offset += count
        }
    }
}
