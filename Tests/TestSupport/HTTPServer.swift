internal import Glibc
internal import Synchronization
internal import SystemCalls

/// A server on the loopback interface that does with each request what a test tells it to, also
/// what no server should.
///
/// One thread serves all connections, so a hundred slow ones cost nothing. It ends with its owner.
public final class HTTPServer {
    /// What the server does in answer to a request, one step after the other.
    public enum Step: Sendable {
        /// Sends bytes.
        case send([UInt8])

        /// Sends bytes one by one, some milliseconds apart.
        case trickle([UInt8], milliseconds: Int)

        /// Sends the same bytes for ever.
        case sendForever([UInt8])

        /// Says nothing more, until the client goes.
        case hang

        /// Ends the connection in order.
        case close

        /// Breaks the connection.
        case reset
    }

    /// A request as it came in.
    public struct Request: Sendable {
        /// The path with its query, as in "/a.png?b".
        public let path: String

        /// All lines before the first empty one.
        public let head: String

        /// Which of the connections brought it, from 0.
        public let connection: Int
    }

    private let port: UInt16
    private let stopWriter: CInt
    private let log: RequestLog
    private var thread: DedicatedThread?

    /// Starts a server on a free port.
    ///
    /// - Parameters:
    ///   - greeting: What to do with a new connection, before any request.
    ///   - answer: What to do with a request; called on the server's thread.
    /// - Throws: What the system reports of the socket or the thread.
    public init(
        greeting: [Step] = [], answer: @escaping @Sendable (Request) -> [Step]
    ) throws {
        let listener = try Listener()
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw SystemCallError.failed("socketpair", errno: errno)
        }
        let (stopReader, log) = (ends[0], RequestLog())
        stopWriter = ends[1]
        port = listener.port
        self.log = log
        let descriptor = listener.descriptor
        thread = try DedicatedThread(named: "http-server") {
            var service = HTTPService(
                listener: descriptor, stop: stopReader, greeting: greeting, record: log.append,
                answer: answer)
            service.run()
        }
    }

    deinit {
        close(stopWriter)
        // The thread's own deinit waits for it.
        thread = nil
    }

    /// The address of a path on this server.
    public func url(_ path: String = "/a.png", scheme: String = "http") -> String {
        "\(scheme)://127.0.0.1:\(port)\(path)"
    }

    /// The requests so far.
    public var requests: [Request] { log.all }
}

extension HTTPServer.Step {
    /// Sends text as it is.
    public static func send(_ text: String) -> Self { .send(Array(text.utf8)) }
}

extension [HTTPServer.Step] {
    /// A whole and right response.
    public static func response(
        _ body: [UInt8] = [], status: String = "200 OK", headers: [String] = []
    ) -> Self {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers + ["", ""]
        return [.send([UInt8](lines.joined(separator: "\r\n").utf8) + body)]
    }
}

/// The requests that have come in, for the test's thread to look at.
private final class RequestLog: Sendable {
    private let requests = Mutex<[HTTPServer.Request]>([])

    var all: [HTTPServer.Request] { requests.withLock { $0 } }

    func append(_ request: HTTPServer.Request) {
        requests.withLock { $0.append(request) }
    }
}
