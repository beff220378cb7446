internal import Codecs
internal import Profiling
internal import Workers

/// What keeps an image in a lane from its result.
enum Setback: Error {
    /// It cannot be decoded or encoded.
    case codec(Stage, CodecError)

    /// An attempt at filtering it came to nothing.
    case worker(WorkerError)

    /// The failure to report; nil if the run is being ended.
    func failure(attempts: Int, timeout: Int64) -> ImageFailure? {
        switch self {
        case .codec(let stage, .interrupted(.deadlinePassed)):
            ImageFailure(lateIn: stage, timeout: timeout)
        case .worker(.timedOut), .worker(.interrupted(.deadlinePassed)):
            ImageFailure(lateIn: .filter, timeout: timeout, attempts: attempts)
        case .codec(_, .interrupted(.cancelled)), .worker(.interrupted(.cancelled)),
            .worker(.cannotStart):
            nil
        case .codec(let stage, let error): ImageFailure(stage, error)
        case .worker(let error): ImageFailure(error, attempts: attempts)
        }
    }
}
