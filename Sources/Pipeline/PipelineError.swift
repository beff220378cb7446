public import SystemCalls
public import Transfer
public import Workers

/// The reason why a run could not begin; nothing was converted.
public enum PipelineError: Error, Equatable {
    /// The only named input cannot be read.
    case inputMissing(String, TransferError)

    /// Nothing matched.
    case noInput

    /// Two inputs would be written to one output.
    case collision(first: String, second: String, destination: String)

    /// The output folder is one of the inputs.
    case outputIsInput(String)

    /// The output folder cannot be made or written.
    case outputFolder(String, TransferError)

    /// The ledger cannot be read or written.
    case ledger(TransferError)

    /// There is no shared memory.
    case sharedMemory(SystemCallError)

    /// No worker could be started.
    case worker(WorkerError)

    /// No thread could be started.
    case thread(SystemCallError)

    /// An input is of a kind that this build cannot read.
    case unavailable(TransferError)
}

extension PipelineError: CustomStringConvertible {
    /// The line for the terminal, without the name of the program.
    public var description: String {
        switch self {
        case .inputMissing(let name, let error): "cannot read \(name): \(error)"
        case .noInput: "no input matched"
        case .collision(let first, let second, let destination):
            "\(first) and \(second) would both be written to \(destination); "
                + "name them apart with a template or --on-collision suffix"
        case .outputIsInput(let name):
            "cannot write to \(name): it is also an input; name another folder with -o"
        case .outputFolder(let name, let error): "cannot write to \(name): \(error)"
        case .ledger(let error): "cannot use the ledger: \(error)"
        case .sharedMemory(let error): "cannot share memory: \(error)"
        case .worker(let error): "cannot start \(error)"
        case .thread(let error): "cannot start a thread: \(error)"
        case .unavailable(let error): "cannot read the inputs: \(error)"
        }
    }
}
