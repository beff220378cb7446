/// A start and an end of one thing that a thread did, kept only for traces and reports.
public struct TimingSpan: Sendable {
    /// What a timing span is about.
    public enum Subject: Sendable {
        /// A stage of the pipeline.
        case stage(Stage)

        /// A part of a stage, such as one filter of a chain.
        case part(String)
    }

    /// What the thread did.
    public let subject: Subject

    /// Which thread did it.
    public let track: Track

    /// When it began.
    public let start: MonotonicInstant

    /// When it ended; not before ``start``.
    public let end: MonotonicInstant

    /// The bytes that it took or made; 0 where bytes have no meaning.
    public let byteCount: Int

    /// The name of the image that it was done for, or `nil` for none.
    public let imageName: String?

    /// Makes a timing span.
    public init(
        _ subject: Subject, on track: Track, from start: MonotonicInstant,
        to end: MonotonicInstant, byteCount: Int = 0, imageName: String? = nil
    ) {
        self.subject = subject
        self.track = track
        self.start = start
        self.end = end
        self.byteCount = byteCount
        self.imageName = imageName
    }
}

/// A thread of the parent or of a child process, as a trace and a timeline show it.
public struct Track: Hashable, Sendable {
    /// The process's number.
    public let process: Int32

    /// The thread's number, unique within its process.
    public let thread: Int32

    /// Makes the name of a track.
    public init(process: Int32, thread: Int32) {
        self.process = process
        self.thread = thread
    }

    /// The track of a thread of this kind, counted from 0, in the parent.
    ///
    /// These are no numbers of the system, which are not known before the thread runs: viewers sort
    /// by them, so lanes come first.
    public init(process: Int32, role: ThreadRole, number: Int) {
        self.init(
            process: process,
            thread: 10_000 * Int32(role.rawValue) + Int32(truncatingIfNeeded: number) + 1)
    }
}
