internal import Glibc
internal import SystemCalls

/// Where the worker's executable is.
public enum WorkerExecutable {
    /// Finds `pixloom-worker`: the path in `PIXLOOM_WORKER` if that is set, or beside the running
    /// executable, or in `../libexec/pixloom/` from there.
    ///
    /// - Returns: A path; whether it can be executed shows when it is.
    public static func find() -> String {
        if let path = unsafe getenv("PIXLOOM_WORKER") { return unsafe String(cString: path) }
        let own = CurrentProcess.executablePath ?? ""
        let folder = own.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let beside = folder + "/pixloom-worker"
        return unsafe access(beside, X_OK) == 0
            ? beside : folder + "/../libexec/pixloom/pixloom-worker"
    }
}
