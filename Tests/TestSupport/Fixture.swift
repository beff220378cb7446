import Foundation

/// The files of the folder `Fixtures`, which the tests read and never write.
public enum Fixture {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The bytes of a file, by its path below `Fixtures`.
    public static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: folder.appending(path: path)))
    }

    /// The paths below `Fixtures` of the files in one of its folders, sorted; none where it is
    /// missing.
    public static func paths(in name: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: folder.appending(path: name).path)
        return (names ?? []).sorted().map { "\(name)/\($0)" }
    }
}
