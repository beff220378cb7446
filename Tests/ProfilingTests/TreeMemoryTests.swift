import Foundation
import Testing

@testable import Profiling

@Suite("The memory of the process tree")
struct TreeMemoryTests {
    @Test("is at least what the process itself holds")
    func holdsOwn() {
        let byteCount = 64 << 20
        var memory = TreeMemory()
        let block = [UInt8](repeating: 1, count: byteCount)
        withExtendedLifetime(block) { memory.sample(children: []) }

        #expect(memory.peakByteCount > byteCount)
    }

    @Test("adds what a child holds", .timeLimit(.minutes(30)))
    func addsChild() throws {
        let child = Process()
        let input = Pipe()
        child.executableURL = URL(fileURLWithPath: "/bin/cat")
        child.standardInput = input
        try child.run()
        var alone = TreeMemory()
        var together = TreeMemory()

        alone.sample(children: [])
        together.sample(children: Array(repeating: child.processIdentifier, count: 1_000))
        try input.fileHandleForWriting.close()
        child.waitUntilExit()

        #expect(together.peakByteCount > alone.peakByteCount + 1_000 * 100_000)
    }

    @Test("does not count what a child that is gone held")
    func ignoresMissing() {
        #expect(ResidentMemory(path: "/proc/0/status").anonymous == 0)
    }

    @Test("is read from the status of a process")
    func parsesStatus() {
        let memory = ResidentMemory(
            status: """
                Name:\tpixloom
                VmHWM:\t    9000 kB
                RssAnon:\t    1200 kB
                RssFile:\t    3400 kB
                RssShmem:\t     56 kB
                VmSwap:\t99999999999999999999 kB
                """)

        #expect(memory.peak == 9000 * 1024)
        #expect(memory.anonymous == 1200 * 1024)
        #expect(memory.file == 3400 * 1024)
        #expect(memory.shared == 56 * 1024)
    }
}
