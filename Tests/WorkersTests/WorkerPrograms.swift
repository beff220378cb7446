import SystemCalls
import TestSupport

/// The executables that were built beside the tests.
enum WorkerPrograms {
    /// The worker.
    static var correct: String { path("pixloom-worker") }

    /// A worker that lies in one way, as in `crash-on-7x5`, under a name in `folder`.
    static func misbehaving(_ lie: String, in folder: TemporaryFolder) throws -> String {
        try folder.addLink("misbehave-\(lie)", to: path("misbehaving-worker")).description
    }

    private static func path(_ name: String) -> String {
        let own = BytePath(CurrentProcess.executablePath ?? "") ?? BytePath()
        return own.parent.appending(BytePath(name) ?? BytePath()).description
    }
}
