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

    /// Waits until there is room for `byteCount` bytes and takes it.
    ///
    /// - Returns: False, without waiting, if there never will be.
    func acquire(_ byteCount: Int) -> Bool {
        guard byteCount <= self.byteCount else { return false }
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
        return true
    }

    /// Gives room back.
    func release(_ byteCount: Int) {
        state.withLock { $0.free += byteCount }
        state.wakeAll()
    }
}
