import Glibc
import SystemCalls
import Testing

@Suite("A message socket", .timeLimit(.minutes(30)))
struct MessageSocketTests {
    @Test("keeps messages apart")
    func keepsMessagesApart() throws {
        let pair = try MessageSocket.makePair()
        let child = MessageSocket(adopting: pair.child)

        try pair.parent.send([1, 2, 3])
        try pair.parent.send([4])

        let messages = [try child.receive(atMost: 4), try child.receive(atMost: 4)]
        #expect(messages == [[1, 2, 3], [4]])
    }

    @Test("is readable only when there is a message or an end")
    func isReadable() throws {
        let pair = try MessageSocket.makePair()
        let parent = pair.parent
        let child = MessageSocket(adopting: pair.child)
        var readable = [parent.isReadable]

        try child.send([9])
        readable.append(parent.isReadable)
        let message = try parent.receive(atMost: 1)

        _ = consume child
        // A process that is just being made has a copy of each descriptor until its program begins,
        // so the end may have to be waited for.
        let end = try parent.receive(atMost: 1)
        readable.append(parent.isReadable)

        #expect(readable == [false, true, true])
        #expect(message == [9])
        #expect(end == nil)
    }

    @Test("waits no longer for a message than it is told to")
    func limitsWaiting() throws {
        let pair = try MessageSocket.makePair()
        let child = MessageSocket(adopting: pair.child)
        try pair.parent.limitWaiting(toMilliseconds: 1)

        var error: SystemCallError?
        do { _ = try pair.parent.receive(atMost: 1) } catch let failure { error = failure }
        try child.send([9])
        let message = try pair.parent.receive(atMost: 1)

        #expect(error == .failed("read", errno: EAGAIN))
        #expect(message == [9])
    }

    @Test("never waits for the other end where it is told not to")
    func sendsAtOnce() throws {
        let pair = try MessageSocket.makePair()
        let message = [UInt8](repeating: 0, count: 4096)

        var error: SystemCallError?
        while error == nil {
            do { try pair.parent.sendAtOnce(message) } catch let failure { error = failure }
        }

        #expect(error == .failed("send", errno: EAGAIN))
    }

    @Test("refuses a message that is longer than expected, and keeps those behind it")
    func refusesLongMessages() throws {
        let pair = try MessageSocket.makePair()
        let child = MessageSocket(adopting: pair.child)
        try pair.parent.send([1, 2, 3])
        try pair.parent.send([4, 5])

        var error: SystemCallError?
        do { _ = try child.receive(atMost: 2) } catch let failure { error = failure }
        let next = try child.receive(atMost: 2)

        #expect(error == .failed("read", errno: EMSGSIZE))
        #expect(next == [4, 5])
    }

    @Test("sends no message that is too long to be received")
    func sendsNoLongMessages() throws {
        let pair = try MessageSocket.makePair()
        let child = MessageSocket(adopting: pair.child)
        let longest = [UInt8](repeating: 7, count: MessageSocket.largestMessage)

        try pair.parent.send(longest)
        var error: SystemCallError?
        do { try pair.parent.send(longest + [7]) } catch let failure { error = failure }

        let received = try child.receive(atMost: MessageSocket.largestMessage)
        #expect(received == longest)
        #expect(error == .failed("write", errno: EMSGSIZE))
    }

    @Test("to a closed end is an error, not a signal")
    func reportsClosedEnd() throws {
        signal(SIGPIPE, SIG_IGN)
        let pair = try MessageSocket.makePair()
        let parent = pair.parent
        let child = pair.child
        _ = consume child
        // The end comes late where another process is just being made.
        let end = try parent.receive(atMost: 1)

        var error: SystemCallError?
        do { try parent.send([1]) } catch let failure { error = failure }

        #expect(end == nil)
        #expect(error == .failed("write", errno: EPIPE))
    }
}
