import Foundation
import SystemCalls

/// The built tool, as a person starts it.
struct Tool {
    /// How a run ended and what it wrote.
    struct Ending {
        /// The exit code; 128 and the number of the signal if one ended it.
        let code: Int32

        /// What went to standard output.
        let output: [UInt8]

        /// What went to standard error, line by line.
        let errors: [String]

        /// Standard output as text, line by line.
        var lines: [String] {
            String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    /// The executable beside that of the tests.
    static var executable: URL {
        URL(filePath: CurrentProcess.executablePath ?? "").deletingLastPathComponent()
            .appending(path: "pixloom")
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - arguments: What follows the name of the tool.
    ///   - folder: Where it runs.
    ///   - environment: All variables that it has.
    init(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) {
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
    }

    /// Prepares a run by a script of the shell, in which `$0` is the tool.
    init(script: String, _ arguments: [String] = [], in folder: URL) {
        self.init(arguments, in: folder)
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, Self.executable.path] + arguments
    }

    /// Runs the tool to its end.
    static func run(
        _ arguments: [String], in folder: URL, input: [UInt8]? = nil,
        environment: [String: String] = [:]
    ) throws -> Ending {
        let tool = Tool(arguments, in: folder, environment: environment)
        try tool.start(input: input)
        return try tool.end()
    }

    /// Starts the tool, and gives it what it reads from standard input.
    func start(input: [UInt8]? = nil) throws {
        guard let input else { return try process.run() }
        try start(beginningOfInput: input)
        try endInput()
    }

    /// Starts the tool, and gives it the beginning of what it reads from standard input.
    func start(beginningOfInput bytes: [UInt8]) throws {
        // The tool may be gone before it has read it.
        signal(SIGPIPE, SIG_IGN)
        process.standardInput = input
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(bytes))
    }

    /// Gives the tool the rest of what it reads from standard input.
    func endInput(_ bytes: [UInt8] = []) throws {
        try input.fileHandleForWriting.write(contentsOf: Data(bytes))
        try input.fileHandleForWriting.close()
    }

    /// The number of the process.
    var id: Int32 { process.processIdentifier }

    /// Whether the process has not ended.
    var isRunning: Bool { process.isRunning }

    /// The children of the process: those that name it in proc_pid_stat(5), behind their own names and
    /// states.
    var children: [Int32] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc")
        return (names ?? []).compactMap { Int32($0) }.filter { number in
            let file = FileHandle(forReadingAtPath: "/proc/\(number)/stat")
            let text = String(decoding: (try? file?.readToEnd()) ?? Data(), as: UTF8.self)
            let words = text.split(separator: ")").last?.split(separator: " ") ?? []
            return words.count > 1 && Int32(words[1]) == id
        }
    }

    /// Reads standard output until it has a whole line.
    func firstLine() throws -> String {
        var bytes = Data()
        while !bytes.contains(UInt8(ascii: "\n")) {
            guard let chunk = try output.fileHandleForReading.read(upToCount: 1), !chunk.isEmpty
            else { break }
            bytes += chunk
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Gives the tool a file as standard output.
    func redirectOutput(to path: String) throws {
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: path))
        try output.fileHandleForWriting.close()
    }

    /// Goes away as the reader of standard output.
    func closeOutput() throws { try output.fileHandleForReading.close() }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(id, signal) }

    /// Reads what is left of the output, unless its reader has gone, and waits for the end.
    func end(readingOutput: Bool = true) throws -> Ending {
        // What goes to standard error in tests fits the buffer of a pipe.
        let output = readingOutput ? try output.fileHandleForReading.readToEnd() ?? Data() : Data()
        let errors = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let status = process.terminationStatus
        return Ending(
            code: process.terminationReason == .uncaughtSignal ? 128 + status : status,
            output: Array(output),
            errors: String(decoding: errors, as: UTF8.self).split(separator: "\n")
                .map(String.init))
    }
}
