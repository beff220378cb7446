internal import SystemCalls

/// The image memory that all lanes together may use at a time.
///
/// Lanes are served in the order in which they ask, so that a large image is not overtaken for ever
/// by small ones.
final class MemoryBudget: Sendable {
    private struct State: Sendable {
        var free: Int
        var nextTicket = 0
        var servedTicket = 0
    }

    /// The bytes that there are in all.
    let byteCount: Int

    private let state: Monitor<State>

    init(byteCount: Int) {
        self.byteCount = byteCount
        state = Monitor(State(free: byteCount))
    }

    /// Takes room for `byteCount` bytes if it is there and nobody waits.
    func acquireAtOnce(_ byteCount: Int) -> Bool {
        state.withLock { state in
            guard state.servedTicket == state.nextTicket, state.free >= byteCount else {
                return false
            }
            state.free -= byteCount
            return true
        }
    }

    /// Waits until there is room for `byteCount` bytes and takes it.
    ///
    /// - Parameter byteCount: At most what there is in all; more would be waited for for ever.
    func acquire(_ byteCount: Int) {
        precondition(byteCount <= self.byteCount, "more memory than the budget has")
        let ticket = state.withLock { state -> Int in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
        state.waitUntil { state -> Void? in
            guard state.servedTicket == ticket, state.free >= byteCount else { return nil }
            state.free -= byteCount
            state.servedTicket += 1
            return ()
        }
        state.wakeAll()
    }

    /// The bytes that are taken now.
    var usedByteCount: Int { state.withLock { byteCount - $0.free } }

    /// Gives room back.
    func release(_ byteCount: Int) {
        state.withLock { $0.free += byteCount }
        state.wakeAll()
    }
}
