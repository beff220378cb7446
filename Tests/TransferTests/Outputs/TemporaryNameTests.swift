import Foundation
import SystemCalls
import TestSupport
import Testing

@testable import Transfer

@Suite("The name of a temporary file")
struct TemporaryNameTests {
    @Test("is hidden, and no two are the same")
    func isUnique() {
        let names = (0..<100).map { _ in TemporaryName.makePath() }

        #expect(Set(names).count == 100)
        #expect(names.allSatisfy { "\($0)".hasPrefix(".pixloom-") && "\($0)".hasSuffix(".tmp") })
    }

    @Test("can be read again")
    func isReadAgain() throws {
        let first = try #require(TemporaryName(TemporaryName.makePath()))
        let second = try #require(TemporaryName(TemporaryName.makePath()))

        #expect(first.writer == .current)
        #expect(second.writer == .current)
        #expect(first.counter < second.counter)
    }

    @Test(
        "is told from other names",
        arguments: [
            ".pixloom", ".pixloom-1-2-3-4", "pixloom-1-2-3-4.tmp", ".pixloom-1-2-3.tmp",
            ".pixloom-1-2-3-4-5.tmp", ".pixloom-1-2-3-x.tmp", ".pixloom----.tmp", "a.png",
        ] as [BytePath])
    func isToldApart(name: BytePath) {
        #expect(TemporaryName(name) == nil)
    }

    @Test("is not stale while its writer lives")
    func isNotStale() throws {
        let name = try #require(TemporaryName(TemporaryName.makePath()))

        #expect(!name.isStale(modification: 0, now: 1_000_000_000))
    }

    @Test("is stale once its writer has ended, or another process has its number")
    func isStale() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        let current = ProcessIdentity.current
        let ended = ProcessIdentity(
            machine: current.machine, number: process.processIdentifier, startTime: 1)
        let reused = ProcessIdentity(
            machine: current.machine, number: current.number, startTime: current.startTime + 1)

        #expect(ended.hasEnded)
        #expect(reused.hasEnded)
    }

    @Test("from another machine is stale after a day")
    func isStaleElsewhere() throws {
        let name = try #require(TemporaryName(".pixloom-1-1-1-1.tmp"))
        let day: Int64 = 86_400_000_000_000

        #expect(!name.isStale(modification: 5, now: 5 + day))
        #expect(name.isStale(modification: 5, now: 6 + day))
    }

    @Test("of a killed run is removed, those of other runs and all other files stay")
    func isRemoved() throws {
        let folder = try TemporaryFolder()
        let output = try OutputFolder(folder.path())
        let current = ProcessIdentity.current
        let machine = String(current.machine, radix: 16)
        let number = String(current.number, radix: 16)
        let dead = ".pixloom-\(machine)-\(number)-\(String(current.startTime + 1, radix: 16))-1.tmp"
        let kept = ["a.tmp", "\(TemporaryName.makePath())", ".pixloom-1-1-1-1.tmp"]
        for name in kept + [dead] { try folder.addFile("out/" + name) }

        #expect(try output.removeStaleTemporaries(in: "out") == 1)
        #expect(try output.removeStaleTemporaries(in: "missing") == 0)

        #expect(try folder.names() == (kept.map { "out/" + $0 } + ["out"]).sorted())
    }
}
