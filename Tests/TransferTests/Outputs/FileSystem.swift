import Foundation
import Glibc

/// What the file system of temporary files can do.
enum FileSystem {
    /// Whether it knows O_TMPFILE, whose own bit Swift does not see.
    static let hasUnnamedFiles: Bool = {
        let path = FileManager.default.temporaryDirectory.path
        let descriptor = unsafe open(
            path, 0o20_000_000 | O_DIRECTORY | O_WRONLY | O_CLOEXEC, 0o600)
        close(descriptor)
        return descriptor >= 0
    }()
}
