internal import Foundation
internal import Glibc

/// An HTTPS server whose certificate nobody vouches for: `openssl s_server`.
public final class SelfSignedServer {
    /// Whether the openssl command is there.
    public static var isAvailable: Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")
    }

    private let server: Process
    private let output = Pipe()

    /// The address of a page there.
    public let url: String

    /// Makes a key and a certificate for 127.0.0.1 in `folder` and starts the server.
    ///
    /// - Throws: What Foundation reports if the command can't be started.
    public init(in folder: TemporaryFolder) throws {
        let (key, certificate) = ("\(folder.path("key"))", "\(folder.path("certificate"))")
        try Self.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        ]).waitUntilExit()
        server = try Self.run(
            [
                "openssl", "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate,
                "-www",
            ], output: output)
        // It says "ACCEPT 127.0.0.1:40123", among other things, as soon as it listens.
        var said = ""
        while !(said.contains("ACCEPT") && said.hasSuffix("\n")) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            said += String(decoding: more, as: UTF8.self)
        }
        let port = said.split(separator: ":").last ?? "0"
        url = "https://127.0.0.1:" + port.trimmingCharacters(in: .whitespacesAndNewlines) + "/"
    }

    deinit {
        // Not SIGTERM, which a child of Foundation's Process may have blocked.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }

    @discardableResult
    private static func run(_ words: [String], output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
