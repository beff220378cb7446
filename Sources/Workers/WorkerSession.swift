internal import Filters
internal import Profiling
package import SystemCalls

/// The worker's end of the conversation with a lane, step by step.
///
/// Descriptor 3 is the socket and 4 the segment, as the parent's ``ChildProcessExecutor`` hands
/// them over.
package struct WorkerSession: ~Copyable {
    /// The connection to the parent.
    package let socket: MessageSocket

    /// The memory that is shared with the parent.
    package var segment: InheritedSegment

    private var plans: RecentPlans
    private var scratch = FilterScratch()

    /// Takes over what the parent hands over, and tells it that the work can begin.
    ///
    /// - Parameter arguments: The arguments of the process: its name and the parent's number.
    /// - Throws: ``WorkerFailure`` if the parent, the segment or the chain is not as announced.
    package init(_ arguments: [String]) throws(WorkerFailure) {
        guard arguments.count == 2, let parent = CInt(arguments[1]) else {
            throw WorkerFailure(exitCode: 2, reason: "only pixloom starts a worker")
        }
        guard CurrentProcess.bindLife(to: parent) else {
            throw WorkerFailure(exitCode: 1, reason: "process \(parent) has ended")
        }
        let socket = MessageSocket(adopting: OwnedDescriptor(adopting: 3))
        let opening = try Self.receiveOpening(from: socket)
        let segment = try Self.segment(opening)
        let chain = try Self.chain(opening)
        try Self.send(WireFormat.Ready().encoded(), on: socket)
        self.socket = socket
        self.segment = segment
        plans = RecentPlans(of: chain)
    }

    /// Waits for a request; nil at the end of the connection.
    package func receive() throws(WorkerFailure) -> WireFormat.NumberedRequests? {
        guard let message = try Self.receive(WireFormat.largestMessage, from: socket) else {
            return nil
        }
        guard let requests = WireFormat.NumberedRequests(message) else {
            throw WorkerFailure(exitCode: 1, reason: "the parent sent no request")
        }
        return requests
    }

    /// Does what requests ask for, all of it or nothing.
    package mutating func reply(to requests: WireFormat.NumberedRequests) -> WireFormat.Reply {
        do throws(FilterError) {
            var group = FilterGroup()
            for request in requests.requests {
                group.append(request, try plans.plan(for: request))
            }
            guard group.byteCount <= segment.reservedByteCount else {
                return .refused(
                    number: requests.number,
                    reason: "\(group.byteCount) bytes of image memory needed, "
                        + "the segment has \(segment.reservedByteCount)")
            }
            // As many steps as a reply holds; longer chains are told in part.
            let stepCount = WireFormat.largestStepCount / max(1, group.members.count)
            var runs: [FilterRun] = []
            for member in group.members {
                runs.append(try run(member, tellingSteps: stepCount))
            }
            return .finished(number: requests.number, runs)
        } catch {
            return .refused(number: requests.number, reason: error.description)
        }
    }

    private mutating func run(
        _ member: FilterGroup.Member, tellingSteps stepCount: Int
    ) throws(FilterError) -> FilterRun {
        var steps: [FilterRun.Step] = []
        let start = MonotonicInstant.now
        let result = try segment.withMutableBytes(member.frame) { (frame) throws(FilterError) in
            // The parent has the deadline, and a SIGKILL to keep it.
            try member.plan.run(in: &frame, scratch: &scratch, checkpoint: .none) {
                guard steps.count < stepCount else { return }
                steps.append(FilterRun.Step(filterIndex: $0, end: $1))
            }
        }
        return FilterRun(result: result, start: start, end: .now, steps: steps)
    }

    /// Sends a reply.
    package func send(_ reply: WireFormat.Reply) throws(WorkerFailure) {
        try Self.send(reply.encoded(), on: socket)
    }

    // MARK: - The beginning

    private static func receiveOpening(
        from socket: borrowing MessageSocket
    ) throws(WorkerFailure) -> WireFormat.Opening {
        let message = try receive(WireFormat.largestOpening, from: socket)
        if let opening = WireFormat.Opening(message ?? []) { return opening }
        // Of another release: the parent explains it once it knows which this one is.
        try send(WireFormat.Ready().encoded(), on: socket)
        throw WorkerFailure(exitCode: 1, reason: "the parent is of another release")
    }

    private static func segment(
        _ opening: WireFormat.Opening
    ) throws(WorkerFailure) -> InheritedSegment {
        do throws(SystemCallError) {
            return try InheritedSegment(
                adopting: OwnedDescriptor(adopting: 4),
                reservedByteCount: opening.reservedByteCount)
        } catch {
            throw WorkerFailure(error)
        }
    }

    private static func chain(_ opening: WireFormat.Opening) throws(WorkerFailure) -> FilterChain {
        do throws(FilterError) {
            return try FilterChain(opening.filters, linear: opening.isLinear)
        } catch {
            throw WorkerFailure(exitCode: 1, reason: error.description)
        }
    }

    private static func receive(
        _ byteCount: Int, from socket: borrowing MessageSocket
    ) throws(WorkerFailure) -> [UInt8]? {
        do throws(SystemCallError) {
            return try socket.receive(atMost: byteCount)
        } catch {
            throw WorkerFailure(error)
        }
    }

    private static func send(
        _ message: [UInt8], on socket: borrowing MessageSocket
    ) throws(WorkerFailure) {
        do throws(SystemCallError) {
            try socket.send(message)
        } catch {
            throw WorkerFailure(error)
        }
    }
}
