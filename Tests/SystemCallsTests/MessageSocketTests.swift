import Glibc
import SystemCalls
import Testing

@Suite("A message socket", .timeLimit(.minutes(1)))
struct MessageSocketTests {
    @Test("keeps messages apart")
    func keepsMessagesApart() throws {
        let pair = try MessageSocket.makePair()
        let child = MessageSocket(adopting: pair.child)

        try pair.parent.send([1, 2, 3])
        try pair.parent.send([4])

        let messages = [try child.receive(), try child.receive()]
        #expect(messages == [[1, 2, 3], [4]])
    }

    @Test("is readable only when there is a message or an end")
    func isReadable() throws {
        let pair = try MessageSocket.makePair()
        let parent = pair.parent
        let child = MessageSocket(adopting: pair.child)
        var readable = [parent.isReadable(withinMilliseconds: 0)]

        try child.send([9])
        readable.append(parent.isReadable(withinMilliseconds: 0))
        let message = try parent.receive()

        _ = consume child
        readable.append(parent.isReadable(withinMilliseconds: 0))
        let end = try parent.receive()

        #expect(readable == [false, true, true])
        #expect(message == [9])
        #expect(end == nil)
    }

    @Test("to a closed end is an error, not a signal")
    func reportsClosedEnd() throws {
        signal(SIGPIPE, SIG_IGN)
        let pair = try MessageSocket.makePair()
        let parent = pair.parent
        let child = pair.child
        _ = consume child

        var error: SystemCallError?
        do { try parent.send([1]) } catch let failure { error = failure }

        #expect(error == .failed("write", errno: EPIPE))
    }
}
