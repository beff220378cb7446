internal import SystemCalls

/// An output that is written in full, but has no name yet, or still a temporary one.
///
/// It ends in ``publish()``, or leaves nothing behind. Between the two steps a ledger can note what
/// is about to appear, and many files can be synced at once. Any number of files may wait: as many
/// as their ``OutputFolder`` allows hold a descriptor.
public struct PreparedFile: ~Copyable, Sendable {
    private enum Form: ~Copyable, Sendable {
        case unnamed(UnnamedFile)
        case temporary(TemporaryFile, replacing: Bool)
    }

    private let form: Form
    private let name: BytePath

    /// Waits without a name.
    init(_ file: consuming UnnamedFile, named name: BytePath) {
        form = .unnamed(file)
        self.name = name
    }

    /// Waits under a temporary name.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - name: The name that it is to have.
    ///   - replacing: Whether a file that has the name already is replaced.
    init(_ file: consuming TemporaryFile, named name: BytePath, replacing: Bool) {
        form = .temporary(file, replacing: replacing)
        self.name = name
    }

    /// Gives the file its name, at which the whole of it appears at once.
    ///
    /// - Throws: ``TransferError/exists`` if there is one and it is not to be replaced;
    ///   ``TransferError/notAFile(_:)`` if a folder has the name.
    public consuming func publish() throws(TransferError) {
        switch consume form {
        case .unnamed(let file): try file.name(name)
        case .temporary(var file, let replacing): try file.rename(to: name, replacing: replacing)
        }
    }
}
