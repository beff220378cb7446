internal import Profiling

/// A checkpoint in the shape in which C code asks it: a function and a context.
struct CheckpointPoll {
    /// What C code calls with the context; 0 lets the work go on.
    typealias Function = @convention(c) (UnsafeMutableRawPointer?) -> CInt

    private let checkpoint: Checkpoint
    private var interruption: Interruption?

    /// Runs C code that asks a checkpoint.
    ///
    /// - Parameters:
    ///   - checkpoint: What is asked.
    ///   - body: Calls the C code with a function and the context for it, valid until it returns.
    /// - Returns: What `body` returns, and why the checkpoint stopped the work if it did.
    static func ask<Result>(
        _ checkpoint: Checkpoint, during body: (Function, UnsafeMutableRawPointer) -> Result
    ) -> (Result, Interruption?) {
        var poll = CheckpointPoll(checkpoint: checkpoint)
        let result = unsafe withUnsafeMutablePointer(to: &poll) { poll in
            unsafe body(
                { context in
                    let poll = unsafe context?.assumingMemoryBound(to: CheckpointPoll.self)
                    return unsafe poll?.pointee.isStopped() == true ? 1 : 0
                }, poll)
        }
        return (result, poll.interruption)
    }

    private mutating func isStopped() -> Bool {
        do {
            try checkpoint.check()
        } catch {
            interruption = error
        }
        return interruption != nil
    }
}
