internal import Filters
internal import Profiling
internal import SystemCalls

/// The life of a worker: say who it is, then answer requests until the parent closes the socket.
///
/// Descriptor 3 is the socket and 4 the segment, as the parent's ``ChildProcessExecutor`` hands
/// them over. The process has one thread and links neither Foundation nor the concurrency runtime.
public enum WorkerService {
    /// Runs until the parent closes the connection.
    ///
    /// - Parameter arguments: The arguments of the process: its name and the parent's number.
    /// - Returns: The exit code: 0 at the end of the connection, 2 if this was not started by
    ///   pixloom, 1 if the parent or the segment is not as announced.
    public static func run(_ arguments: [String]) -> CInt {
        guard arguments.count == 2, let parent = CInt(arguments[1]) else { return 2 }
        guard CurrentProcess.bindLife(to: parent) else { return 1 }
        let socket = MessageSocket(adopting: OwnedDescriptor(adopting: 3))
        do {
            try socket.send(WireFormat.Ready().encoded())
            // An opening of another release is the parent's to explain: it has seen ours.
            guard let message = try socket.receive(), let opening = WireFormat.Opening(message)
            else { return 1 }
            var segment = try InheritedSegment(
                adopting: OwnedDescriptor(adopting: 4),
                reservedByteCount: opening.reservedByteCount)
            let chain = try FilterChain(opening.filters, linear: opening.isLinear)
            try answerRequests(on: socket, with: chain, in: &segment)
            return 0
        } catch {
            return 1
        }
    }

    private static func answerRequests(
        on socket: borrowing MessageSocket, with chain: FilterChain,
        in segment: inout InheritedSegment
    ) throws(SystemCallError) {
        var scratch = FilterScratch()
        while let message = try socket.receive() {
            guard let request = WireFormat.NumberedRequest(message) else { return }
            let reply: WireFormat.Reply
            do throws(FilterError) {
                let run = try filter(request.request, with: chain, in: &segment, &scratch)
                reply = .finished(number: request.number, run)
            } catch {
                reply = .refused(number: request.number, reason: error.description)
            }
            try socket.send(reply.encoded())
        }
    }

    private static func filter(
        _ request: FilterRequest, with chain: FilterChain, in segment: inout InheritedSegment,
        _ scratch: inout FilterScratch
    ) throws(FilterError) -> FilterRun {
        let plan = try request.plan(chain)
        let start = MonotonicInstant.now
        let result = try segment.withMutableBytes(plan.byteCount) {
            (bytes) throws(FilterError) in
            // The parent has the deadline, and a SIGKILL to keep it.
            try plan.run(in: &bytes, scratch: &scratch, checkpoint: .none)
        }
        return FilterRun(result: result, start: start, end: .now)
    }
}
