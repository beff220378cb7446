internal import Glibc
internal import Profiling
internal import SystemCalls
internal import Workers

/// A run as its ledger tells it: several write to one ledger, one after the other or at once.
///
/// ```
/// {"run":"<16 digits>","version":"0.1.0","recipe":"<16 digits>","mode":"processes",…}
/// ```
///
/// The line stands before the first one of the run, and all others of it have its `run`.
struct LedgerRun: Sendable {
    /// What tells the run from all others: 16 hexadecimal digits.
    let id: String

    /// The fingerprint of its recipe.
    let recipe: String

    /// The name of its machine.
    let host = Machine.hostName

    private let settings: RunSettings
    private let began = Int(time(nil))

    /// Names a run that begins now.
    ///
    /// - Parameters:
    ///   - recipe: The fingerprint of its recipe.
    ///   - settings: How it works.
    init(recipe: String, settings: RunSettings) {
        self.recipe = recipe
        self.settings = settings
        let name = "\(ProcessIdentity.current.text) \(MonotonicInstant.now.nanoseconds)"
        id = StableHash(Array(name.utf8)).hexadecimal
    }

    /// Writes the line of the run.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.pair("run", id)
        json.pair("version", Release.version)
        json.pair("recipe", recipe)
        json.pair("mode", settings.mode.rawValue)
        json.pair("jobs", settings.jobs)
        json.pair("ioJobs", settings.ioJobs)
        json.pair("host", host)
        json.pair("began", began)
        json.endObject()
        json.endLine()
    }
}
