/// What kept a run from being faster, and what to change.
public struct Verdict: Sendable {
    /// What binds: to make anything else faster would not help.
    public let bottleneck: Bottleneck

    /// How many times the images/s the change can give at most, computed from the spans; `nil`
    /// where they do not tell.
    public let gain: Double?

    /// All of it in one sentence, lower case and without a full stop.
    public let sentence: String

    /// Makes a verdict; the sentence goes on with the gain where there is one to speak of.
    init(_ bottleneck: Bottleneck, gain: Double? = nil, _ sentence: String) {
        self.bottleneck = bottleneck
        self.gain = gain
        guard let gain, gain >= 1.05 else {
            self.sentence = sentence
            return
        }
        let times = Quantity.fixed(gain, digits: gain < 9.95 ? 1 : 0)
        self.sentence = sentence + ", for at most \(times) × the images/s"
    }
}

/// What can bind a run.
public enum Bottleneck: Hashable, Sendable {
    /// There was nothing to measure.
    case nothing

    /// There were too few images to keep all lanes busy.
    case fewImages

    /// The inputs were found more slowly than they were converted.
    case source

    /// The disk that is read.
    case disk

    /// The servers, or the way to them.
    case network

    /// The disk that is written.
    case destination

    /// There are too few threads that wait for disks and networks.
    case ioThreads

    /// The budget of `--memory`.
    case memory

    /// There are fewer lanes than cores.
    case lanes

    /// The spawn of children and the messages to and from them.
    case worker

    /// Reading the format.
    case decode

    /// The filter of this name.
    case filter(String)

    /// Writing the format.
    case encode

    /// The name in JSON, as in `ioThreads`; the filter's own name for a filter.
    public var jsonName: String {
        if case .filter(let name) = self { name } else { String(describing: self) }
    }
}
