public import Profiling
internal import SystemCalls

/// How a run is brought to its end before all inputs are done; any thread may ask for it.
public final class RunControl: Sendable {
    /// Why a run ends early.
    public enum Reason: Hashable, Sendable {
        /// A person or the system asked for it by a signal of this number.
        case signal(CInt)

        /// An image failed, and `--on-error stop` was given.
        case firstError

        /// As many images failed as `--max-errors` allows.
        case errorLimit

        /// `--max-duration` is over.
        case durationLimit

        /// The disk of the outputs is full.
        case noSpace

        /// Nothing can work here, for this reason.
        case environment(String)
    }

    /// Set when work in hand must stop at its next checkpoint.
    public let cancellation = Cancellation()

    /// Set when nothing more is to be begun.
    let draining = Cancellation()

    private let reason = Monitor<Reason?>(nil)

    /// Makes the control of a run that goes on.
    public init() {}

    /// Finishes what is in the lanes and begins nothing more; the first reason stays.
    public func drain(_ why: Reason) {
        reason.withLock { $0 = $0 ?? why }
        draining.set()
    }

    /// Drains, and stops the work in hand too.
    public func cancel(_ why: Reason) {
        drain(why)
        cancellation.set()
    }

    /// Stops the work in hand too, if it is not finished within some seconds from now.
    ///
    /// It does not wait for that: a second signal in the meantime must be heard.
    public func cancelAfterGracePeriod() {
        do {
            try DedicatedThread(named: "grace") { [cancellation] in
                Pause.wait(nanoseconds: 4_000_000_000)
                cancellation.set()
            }.detach()
        } catch {
            // Without a thread that waits, the run ends too early rather than never.
            cancellation.set()
        }
    }

    /// Whether nothing more is to be begun; cheap enough to ask for every image.
    public var isDraining: Bool { draining.isSet }

    /// Why the run ends early, or nil if it does not.
    public var endingReason: Reason? { reason.withLock { $0 } }
}
