import Foundation
import TestSupport
import Testing

/// A command line that cannot work, and what the tool says.
struct BadCommand: CustomTestStringConvertible {
    let arguments: [String]
    let code: Int32
    let message: String
    var environment: [String: String] = [:]

    init(
        _ arguments: String, _ code: Int32, _ message: String, _ environment: [String: String] = [:]
    ) {
        self.arguments = arguments.split(separator: " ").map(String.init)
        self.code = code
        self.message = message
        self.environment = environment
    }

    var testDescription: String { "pixloom \(arguments.joined(separator: " "))" }
}

extension ToolTests {
    @Suite("says in one line what is wrong")
    struct MessageTests {
        private let workspace: Workspace

        init() throws {
            workspace = try Workspace()
            try workspace.folder.addFile("in/a.png", Workspace.png())
            try workspace.folder.addFile("in/b.txt", [1])
            try workspace.folder.addFolder("empty")
        }

        static let usage: [BadCommand] = [
            BadCommand(
                "in -o out --filter blur9x", 2,
                "unknown filter 'blur9x'; 'pixloom filters' lists them"),
            BadCommand(
                "in -o out --filter invrt", 2, "unknown filter 'invrt': did you mean 'invert'?"),
            BadCommand(
                "in -o out --filter gaussian-blur:999", 2,
                "filter gaussian-blur: sigma is '999': it must be a number above 0, up to 200"),
            BadCommand(
                "in -o out --fliter x", 2, "unknown option '--fliter'. Did you mean '--filter'?"),
            BadCommand("in --fliter x", 2, "unknown option '--fliter'. Did you mean '--filter'?"),
            BadCommand("in -o out -q 101", 2, "--quality is 101: it must be 1 to 100"),
            BadCommand("in -o out -q best", 2, "-q is 'best': it must be a whole number"),
            BadCommand("in -o out -j 0", 2, "--jobs is 0: it must be 1 to 1024"),
            BadCommand(
                "in -o out --mode fibers", 2, "--mode is 'fibers': it must be threads or processes"),
            BadCommand(
                "in -o out --timeout 5", 2,
                "--timeout is '5': it must be a time such as 500ms, 10s, 5m or 2h"),
            BadCommand(
                "in -o out --memory 5X", 2,
                "--memory is '5X': it must be a size such as 512M, 2G or 80%"),
            BadCommand(
                "in -o out --memory 101%", 2,
                "--memory is '101%': it must be a size such as 512M, 2G or 80%"),
            BadCommand(
                "in -o out --shard 4/4", 2,
                "--shard is '4/4': it must be I/N with I from 0 to N-1, such as 0/4"),
            BadCommand(
                "in -o out --background puce", 2,
                "--background is 'puce': it must be white, black, #RRGGBB or #RRGGBBAA"),
            BadCommand(
                "in -o out --fit cover", 2,
                "--fit, --kernel and --upscale belong to -s, which is missing"),
            BadCommand("in", 2, "no output: name a folder, a file or a template with -o"),
            BadCommand("-o out", 2, "no input: name files, folders, URLs, or --files-from"),
            BadCommand("in -o out -0", 2, "-0 belongs to --files-from, which is missing"),
            BadCommand(
                "in -o out --retry-failed --no-ledger", 2,
                "--retry-failed needs the ledger; leave out --no-ledger"),
            BadCommand("in -o -", 2, "-o - takes one image, not several or a folder"),
            BadCommand(
                "in/a.png -o - --json", 2, "--json and -o - would both write to standard output"),
            BadCommand(
                "in -o out --json --report -", 2,
                "--json and --report - would both write to standard output"),
            BadCommand(
                "compare in --report -", 2,
                "the comparison goes to standard output; name a file for --report"),
            BadCommand(
                "in/a.png -o b.jpg -f png", 2, "-f png and the name b.jpg disagree; leave out -f"),
            BadCommand(
                "in -o out --trace x --report x", 2,
                "--trace and --report are both x; name two files"),
            BadCommand("in/a.png -o b.gif", 2, "cannot write gif: it is only read"),
            BadCommand(
                "in/a.png -o b.bmp", 2,
                "cannot write bmp: -o b.bmp may end in png, jpg, webp or tif"),
            BadCommand("-dash.png -o out", 2, "unknown option '-dash.png'"),
            BadCommand(
                "in/a.png in/b.txt -o b.png", 2,
                "-o b.png names one file, and the inputs may be several images; name a folder or a template"
            ),
            BadCommand("- --files-from - -o out", 2, "standard input can be read only once"),
            BadCommand("gone -o out", 2, "cannot read gone: there is no such file or folder"),
            BadCommand(
                "in -o in", 2,
                "cannot write to in: it is also an input; name another folder with -o"),
            BadCommand(
                "in -o out/{size}", 2,
                "-o out/{size}: {size} is no field of a template; there are {dir} {name} {ext} {width} {height} {index} {hash}"
            ),
            BadCommand(
                "in/a.png in -o out", 2,
                "in/a.png and in/a.png would both be written to a.png; name them apart with a template or --on-collision suffix"
            ),
            BadCommand(
                "filters blur9x", 2, "unknown filter 'blur9x'; 'pixloom filters' lists them"),
            BadCommand("empty -o out", 3, "no input matched"),
            BadCommand("in -o out --include *.gif", 3, "no input matched"),
            BadCommand(
                "in -o in/a.png/x", 4, "cannot write to in/a.png/x: in/a.png/x is not a folder"),
            BadCommand(
                "in -o /proc/pixloom", 4,
                "cannot write to /proc/pixloom: there is no such file or folder"),
        ]

        @Test("and starts nothing", arguments: usage)
        func refuses(command: BadCommand) throws {
            let before = try workspace.folder.names()

            let ending = try Tool.run(command.arguments, in: workspace.folder.url)

            #expect(ending.code == command.code)
            #expect(ending.errors.first == "pixloom: \(command.message)")
            #expect(ending.errors.dropFirst().allSatisfy { $0 == "see 'pixloom --help'" })
            #expect(ending.output.isEmpty)
            #expect(try workspace.folder.names() == before)
        }

        @Test("when an output folder is a file")
        func fileInTheWay() throws {
            try workspace.folder.addFile("out", [7])

            let ending = try workspace.run("in", "-o", "out")

            #expect(ending.code == 4)
            #expect(ending.errors == ["pixloom: cannot write to out: out is not a folder"])
            #expect(try workspace.folder.bytes(of: "out") == [7])
        }

        @Test("when the worker is missing")
        func missingWorker() throws {
            // So little that no note on a small /dev/shm, as containers have, comes before.
            let ending = try workspace.run(
                "in", "-o", "out", "--memory", "16M",
                environment: ["PIXLOOM_WORKER": "/nowhere"])

            #expect(ending.code == 4)
            #expect(
                ending.errors == [
                    "pixloom: cannot start worker /nowhere: posix_spawn: no such file or directory"
                ])
            #expect(try workspace.outputs().isEmpty)
        }

        @Test("when nothing is asked of it, and how it is used")
        func nothing() throws {
            let ending = try workspace.run()

            #expect(ending.code == 2)
            #expect(ending.errors.dropFirst().first?.hasPrefix("pixloom [convert] <input>") == true)
            #expect(ending.errors.last == "see 'pixloom --help'")
        }

        @Test("for an image that fails, and converts all others")
        func failedImage() throws {
            try workspace.folder.addFile("in/cut.png", Array(Workspace.png().dropLast(40)))

            let ending = try workspace.run("in", "-o", "out", "--memory", "16M")

            #expect(ending.code == 1)
            let line = try #require(ending.errors.first)
            #expect(line.hasPrefix("pixloom: cannot decode in/cut.png: "))
            #expect(ending.errors.last?.hasPrefix("1 converted, 1 skipped, 1 failed in ") == true)
            #expect(try workspace.outputs().keys.sorted() == ["a.png"])
        }

        @Test(
            "when so many images fail that it stops",
            arguments: [
                (["--max-errors", "1"], 5, "stopped by --max-errors: 2 failed"),
                (["--on-error", "stop"], 1, "stopped at the first failure: 1 failed"),
            ] as [([String], Int32, String)])
        func stopsAtFailures(options: [String], code: Int32, sentence: String) throws {
            let torn = Array(Workspace.png().prefix(50))
            for number in 1...9 { try workspace.folder.addFile("bad/\(number).png", torn) }

            let ending = try Tool.run(
                ["bad", "-o", "out", "-j", "1", "--io-jobs", "1"] + options,
                in: workspace.folder.url)

            #expect(ending.code == code)
            #expect(ending.errors.last?.hasPrefix(sentence) == true, "\(ending.errors)")
        }

        @Test("for an input of several that is missing")
        func missingInput() throws {
            let ending = try workspace.run("in/a.png", "gone.png", "-o", "out", "--quiet")

            #expect(ending.code == 1)
            #expect(
                ending.errors == ["pixloom: cannot fetch gone.png: there is no such file or folder"]
            )
            #expect(try workspace.outputs().keys.sorted() == ["a.png"])
        }

        @Test("for what follows -- only as a name")
        func endOfOptions() throws {
            try workspace.folder.addFile("-x.png", Workspace.png())

            #expect(try workspace.run("-o", "out", "--", "-x.png").code == 0)
            #expect(try workspace.outputs().keys.sorted() == ["-x.png"])
        }
    }
}
