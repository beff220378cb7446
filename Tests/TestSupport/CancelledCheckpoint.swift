public import Profiling

extension Checkpoint {
    /// The checkpoint of a run that was cancelled before.
    public static var cancelled: Checkpoint {
        let cancellation = Cancellation()
        cancellation.set()
        return Checkpoint(deadline: nil, cancellation: cancellation)
    }
}
