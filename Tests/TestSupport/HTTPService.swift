internal import Glibc

/// The loop of an ``HTTPServer`` over its connections, on the server's own thread.
struct HTTPService: ~Copyable {
    private let listener: CInt
    private let stop: CInt
    private let greeting: [HTTPServer.Step]
    private let record: (HTTPServer.Request) -> Void
    private let answer: (HTTPServer.Request) -> [HTTPServer.Step]
    private var connections: [Connection] = []
    private var connectionCount = 0

    /// Takes over the listening socket and a descriptor that has something to read, or whose other
    /// end is closed, when the loop should end.
    init(
        listener: CInt, stop: CInt, greeting: [HTTPServer.Step],
        record: @escaping (HTTPServer.Request) -> Void,
        answer: @escaping (HTTPServer.Request) -> [HTTPServer.Step]
    ) {
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        self.listener = listener
        self.stop = stop
        self.greeting = greeting
        self.record = record
        self.answer = answer
    }

    deinit {
        for connection in connections { close(connection.descriptor) }
        close(listener)
        close(stop)
    }

    /// Serves until it is stopped.
    mutating func run() {
        while true {
            var requests = [listener, stop].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            requests += connections.map(\.pollRequest)
            let isTrickling = connections.contains(where: \.isTrickling)
            _ = unsafe poll(&requests, nfds_t(requests.count), isTrickling ? 5 : -1)
            if requests[1].revents != 0 { return }
            for index in connections.indices {
                if requests[index + 2].revents != 0 { connections[index].receive() }
                if let request = connections[index].takeRequest() {
                    record(request)
                    connections[index].steps = answer(request)[...]
                }
                connections[index].takeSteps()
            }
            for connection in connections where connection.isOver { close(connection.descriptor) }
            connections.removeAll(where: \.isOver)
            if requests[0].revents != 0 { acceptConnection() }
        }
    }

    private mutating func acceptConnection() {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        connections.append(
            Connection(descriptor: descriptor, number: connectionCount, steps: greeting[...]))
        connectionCount += 1
    }
}

/// One client, and what is still to be done for it.
private struct Connection {
    let descriptor: CInt
    let number: Int
    var steps: ArraySlice<HTTPServer.Step>
    private(set) var isOver = false
    private var received: [UInt8] = []
    private var lastTrickle = timespec()

    init(descriptor: CInt, number: Int, steps: ArraySlice<HTTPServer.Step>) {
        self.descriptor = descriptor
        self.number = number
        self.steps = steps
    }

    var isTrickling: Bool {
        if case .trickle = steps.first { true } else { false }
    }

    var pollRequest: pollfd {
        var events = POLLIN
        switch steps.first {
        case .send, .sendForever: events |= POLLOUT
        default: break
        }
        return pollfd(fd: descriptor, events: Int16(events), revents: 0)
    }

    mutating func receive() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 {
            received += chunk[..<count]
        } else if count == 0 || errno != EAGAIN {
            isOver = true
        }
    }

    /// The next request, once the last one is answered.
    mutating func takeRequest() -> HTTPServer.Request? {
        let text = String(decoding: received, as: UTF8.self)
        guard steps.isEmpty, let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound]
        received.removeFirst(head.utf8.count + 4)
        let words = head.split(separator: " ", maxSplits: 2)
        return HTTPServer.Request(
            path: words.count > 1 ? String(words[1]) : "", head: String(head), connection: number)
    }

    /// Does what can be done without waiting.
    mutating func takeSteps() {
        while let step = steps.popFirst(), !isOver {
            switch step {
            case .send(let bytes):
                let rest = bytes.dropFirst(send(bytes))
                if rest.isEmpty { continue }
                steps = [.send(Array(rest))] + steps
                return
            case .sendForever(let bytes):
                let rest = bytes.dropFirst(send(bytes))
                steps = [.send(Array(rest)), .sendForever(bytes)] + steps
                if !rest.isEmpty { return }
            case .trickle(let bytes, let milliseconds):
                let sentCount = isTrickleDue(milliseconds) ? send(Array(bytes.prefix(1))) : 0
                let rest = bytes.dropFirst(sentCount)
                if rest.isEmpty { continue }
                steps = [.trickle(Array(rest), milliseconds: milliseconds)] + steps
                return
            case .hang:
                steps = [.hang]
                return
            case .close:
                isOver = true
            case .reset:
                var option = linger(l_onoff: 1, l_linger: 0)
                unsafe setsockopt(
                    descriptor, SOL_SOCKET, SO_LINGER, &option,
                    socklen_t(MemoryLayout<linger>.size))
                isOver = true
            }
        }
    }

    private mutating func isTrickleDue(_ milliseconds: Int) -> Bool {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        let elapsed =
            (now.tv_sec - lastTrickle.tv_sec) * 1000
            + (now.tv_nsec - lastTrickle.tv_nsec) / 1_000_000
        if elapsed < milliseconds { return false }
        lastTrickle = now
        return true
    }

    /// Sends what the socket takes, and returns how many bytes that is.
    private mutating func send(_ bytes: [UInt8]) -> Int {
        let count = unsafe Glibc.send(
            descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
        if count < 0, errno != EAGAIN { isOver = true }
        return max(0, count)
    }
}
