internal import Glibc
public import SystemCalls

/// The reason why bytes could not be read, downloaded or stored, by whose fault it is.
public enum TransferError: Error, Hashable {
    /// Nothing has this name.
    case notFound

    /// A folder, fifo, socket, device or symbolic link is where a file should be.
    case notAFile(FileKind)

    /// Something else, such as a planted symbolic link, is where this folder should be.
    case notAFolder(BytePath)

    /// The file was written to, or cut, while it was read.
    case changed

    /// There are more bytes than allowed; `actual` is nil where nobody counted them to the end.
    case tooLarge(limit: Int, actual: Int?)

    /// The system forbids it, or the file system is read-only.
    case permissionDenied(SystemCallError)

    /// No file below the output folder can have this name.
    case badName(BadName)

    /// A file of this name is there already.
    case exists

    /// The file system, or the user's share of it, is full.
    case noSpace(SystemCallError)

    /// Whoever read our standard output has closed it.
    case brokenPipe

    /// A symbolic link leads to a folder around it.
    case linkLoop

    /// A line of a list is longer than any path can be; both sizes in bytes.
    case lineTooLong(number: Int, limit: Int)

    /// Any other system call that failed.
    case systemCallFailed(SystemCallError)

    /// The download failed, for good or after this many attempts.
    case downloadFailed(DownloadFailure, attempts: Int)

    /// The build lacks the library that this needs.
    case libraryMissing(String)

    /// The run is being ended.
    case cancelled
}

/// What a file is, where it matters that it is not a regular one.
public enum FileKind: String, Hashable, Sendable {
    case file
    case folder
    case symbolicLink = "symbolic link"
    case fifo
    case socket
    case device
}

extension TransferError {
    /// The error of the call of this name, which has just left `errno`.
    static func last(_ call: String) -> TransferError {
        let errno = Glibc.errno
        let cause = SystemCallError.failed(call, errno: errno)
        return switch errno {
        case ENOENT: .notFound
        case EACCES, EPERM, EROFS: .permissionDenied(cause)
        case ENOSPC, EDQUOT: .noSpace(cause)
        case EEXIST: .exists
        case EISDIR: .notAFile(.folder)
        case EPIPE: .brokenPipe
        default: .systemCallFailed(cause)
        }
    }

    /// This error, or ``notAFolder(_:)`` if it means that something else, such as a symbolic link,
    /// has the name of a folder.
    func orNotAFolder(_ path: BytePath) -> TransferError {
        guard case .systemCallFailed(let cause) = self else { return self }
        return cause.errno == ENOTDIR || cause.errno == ELOOP ? .notAFolder(path) : self
    }
}

extension TransferError {
    /// The word for this kind of failure in `--json` and the ledger.
    public var kind: String {
        switch self {
        case .notFound: "not-found"
        case .notAFile: "not-a-file"
        case .notAFolder: "not-a-folder"
        case .changed: "changed"
        case .tooLarge: "too-large"
        case .permissionDenied: "permission-denied"
        case .badName: "bad-name"
        case .exists: "exists"
        case .noSpace: "no-space"
        case .brokenPipe: "broken-pipe"
        case .linkLoop: "link-loop"
        case .lineTooLong: "line-too-long"
        case .systemCallFailed: "io"
        case .downloadFailed(let failure, _): failure.kind
        case .libraryMissing: "library-missing"
        case .cancelled: "cancelled"
        }
    }
}

extension TransferError: CustomStringConvertible {
    /// The clause that follows "cannot fetch a.png: " or "cannot store a.png: ".
    public var description: String {
        switch self {
        case .notFound: "there is no such file or folder"
        case .notAFile(let kind): "it is a \(kind.rawValue), not a file"
        case .notAFolder(let path): "\(path) is not a folder"
        case .changed: "it changed while it was read"
        case .tooLarge(let limit, let actual?):
            "it has \(actual) bytes, \(limit) are allowed; raise --max-bytes"
        case .tooLarge(let limit, nil):
            "it has more than the \(limit) bytes allowed; raise --max-bytes"
        case .permissionDenied(let cause), .noSpace(let cause), .systemCallFailed(let cause):
            cause.description
        case .badName(let reason): reason.description
        case .exists: "a file of this name exists; --overwrite always replaces it"
        case .brokenPipe: "the reader of standard output has gone"
        case .linkLoop: "the symbolic link leads to a folder around it"
        case .lineTooLong(let number, let limit):
            "line \(number) has more than \(limit) bytes; a list has one path or URL a line"
        case .downloadFailed(let failure, let attempts):
            attempts > 1 ? "\(failure) after \(attempts) attempts" : failure.description
        case .libraryMissing(let library): "built without \(library)"
        case .cancelled: "the run was stopped"
        }
    }
}
