internal import Glibc
public import SystemCalls

/// A pattern of glob(7), matched against the path relative to the folder that was given.
///
/// `*` also matches slashes, so that `*.png` means every PNG file at any depth.
public struct NamePattern: Hashable, Sendable {
    /// The pattern.
    public let pattern: String

    /// Makes a pattern.
    public init(_ pattern: String) {
        self.pattern = pattern
    }

    /// Whether a path matches as a whole.
    public func matches(_ path: BytePath) -> Bool {
        unsafe path.withCString { unsafe fnmatch(pattern, $0, 0) == 0 }
    }
}
