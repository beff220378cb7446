import Foundation
import Profiling
import Testing

@Suite("The usage of a process")
struct ProcessUsageTests {
    @Test("counts a child once it was waited for", .timeLimit(.minutes(30)))
    func countsReapedChildren() throws {
        let before = ProcessUsage.current()
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sh")
        child.arguments = ["-c", "i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done"]
        try child.run()
        child.waitUntilExit()

        #expect(ProcessUsage.current().since(before).nanoseconds > 2_000_000)
    }
}
