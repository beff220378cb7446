public import Foundation
public import SystemCalls

/// An empty folder for one test, removed with all that is in it when its owner goes.
public final class TemporaryFolder {
    /// Where the folder is.
    public let url: URL

    /// Makes the folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "pixloom-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of something in the folder; of the folder itself for the empty name.
    public func path(_ name: String = "") -> BytePath {
        (BytePath(url.path) ?? BytePath()).appending(BytePath(name) ?? BytePath())
    }

    /// Makes a file in the folder, and the folders around it.
    @discardableResult
    public func addFile(_ name: String, _ bytes: [UInt8] = []) throws -> BytePath {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return path(name)
    }

    /// Makes a folder in the folder, and those around it.
    @discardableResult
    public func addFolder(_ name: String) throws -> BytePath {
        try FileManager.default.createDirectory(
            at: url.appending(path: name), withIntermediateDirectories: true)
        return path(name)
    }

    /// Makes a symbolic link in the folder.
    @discardableResult
    public func addLink(_ name: String, to destination: String) throws -> BytePath {
        try FileManager.default.createSymbolicLink(
            atPath: url.appending(path: name).path, withDestinationPath: destination)
        return path(name)
    }

    /// The bytes of a file in the folder.
    public func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url.appending(path: name)))
    }

    /// The names of all that is in the folder, hidden or not, at any depth, sorted.
    public func names() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
    }
}
