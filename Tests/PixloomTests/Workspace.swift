import Foundation
import Images
import SystemCalls
import TestSupport

/// A folder with images in which a test runs the tool.
final class Workspace {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Runs the tool in the folder.
    func run(
        _ arguments: String..., input: [UInt8]? = nil, environment: [String: String] = [:]
    ) throws -> Tool.Ending {
        try Tool.run(arguments, in: folder.url, input: input, environment: environment)
    }

    /// A PNG file with a gradient, different for each side.
    static func png(side: Int = 8) -> [UInt8] {
        func pixel(_ x: Int, _ y: Int) -> [UInt8] {
            [x * 31 + y, y * 17, x * y].map { UInt8(truncatingIfNeeded: $0) }
        }
        let rows = (0..<side).map { y in (0..<side).flatMap { x in pixel(x, y) } }
        return PNGBuilder.header(width: side, height: side, colorType: 2).image(rows: rows)
    }

    /// Adds PNG files of different sizes: `in/10.png` and so on.
    func addImages(_ count: Int = 5) throws {
        for side in 10..<10 + count {
            try folder.addFile("in/\(side).png", Self.png(side: side))
        }
    }

    /// An environment in which the worker lies in one way, as in `crash-on-10x10`.
    func withLyingWorker(_ lie: String) throws -> [String: String] {
        let program = Tool.executable.deletingLastPathComponent()
            .appending(path: "misbehaving-worker")
        let link = try folder.addLink("misbehave-\(lie)", to: program.path)
        return ["PIXLOOM_WORKER": link.description]
    }

    /// The outputs below a folder by their names; the ledger is none of them.
    func outputs(in name: String = "out") throws -> [String: [UInt8]] {
        let names = try folder.names().filter {
            $0.hasPrefix("\(name)/") && !$0.contains("/.pixloom")
                && isFile($0)
        }
        return Dictionary(
            uniqueKeysWithValues: try names.map {
                (String($0.dropFirst(name.count + 1)), try folder.bytes(of: $0))
            })
    }

    /// Whether a file of this name is there.
    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.url.appending(path: name).path)
    }

    private func isFile(_ name: String) -> Bool {
        let url = folder.url.appending(path: name)
        return (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
    }
}
