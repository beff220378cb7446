import Glibc
import SystemCalls
import Testing

@Suite("The identity of a process")
struct ProcessIdentityTests {
    private let current = ProcessIdentity.current

    @Test("is written and read again")
    func isReadAgain() {
        #expect(current.number == getpid())
        #expect(ProcessIdentity(current.text) == current)
    }

    @Test("is told from other text", arguments: ["", "1-2", "1-2-3-4", "1-x-3", "--", "1-2-3 "])
    func isToldApart(text: String) {
        #expect(ProcessIdentity(text) == nil)
    }

    @Test("has not ended while the process lives")
    func lives() {
        #expect(!current.hasEnded)
    }

    @Test("has ended where another process has its number")
    func isReused() {
        let reused = ProcessIdentity(
            machine: current.machine, number: current.number, startTime: current.startTime + 1)

        #expect(reused.hasEnded)
    }

    @Test("has not ended for sure where it is of another machine")
    func isElsewhere() {
        let other = ProcessIdentity(
            machine: current.machine ^ 1, number: current.number, startTime: 1)

        #expect(!other.hasEnded)
    }

    @Test("has ended once it is a zombie")
    func isZombie() throws {
        let child = try ChildProcess(
            executable: "/bin/true", arguments: ["true"], inheriting: [])
        let identity = ProcessIdentity(
            machine: current.machine, number: child.id, startTime: current.startTime)

        let hasEnded = child.hasEnded(withinMilliseconds: 10_000)

        #expect(hasEnded)
        #expect(identity.hasEnded)
    }
}
