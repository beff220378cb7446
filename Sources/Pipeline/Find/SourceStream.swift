internal import Profiling
internal import SystemCalls
internal import Transfer

/// The sources of a run, one after the other: arguments in order, folders sorted by bytes.
///
/// Nothing is held but the place in the current folder or list, so a million inputs take no more
/// memory than one.
struct SourceStream {
    /// A source with its position among all inputs, or one that cannot be read for this reason.
    struct Found {
        var index: Int
        var source: Source
        var error: TransferError?
    }

    private enum Current {
        case none
        case folder(BytePath, FolderWalk)
        case list(LineStream)
    }

    private let inputs: [Input]
    private let options: FindOptions
    private let excluded: Set<FileIdentity>
    private let end: Cancellation?
    private var nextInput = 0
    private var nextIndex = 0
    private var current = Current.none

    /// Begins at the first input.
    ///
    /// - Parameters:
    ///   - inputs: What was given.
    ///   - options: What counts.
    ///   - excluded: Folders that are passed over: those that the run writes to.
    ///   - end: Once it is set there are no more sources; the wait for the next line of a list ends
    ///     with ``TransferError/cancelled``.
    init(
        _ inputs: [Input], options: FindOptions, excluding excluded: Set<FileIdentity>,
        until end: Cancellation? = nil
    ) {
        self.inputs = inputs
        self.options = options
        self.excluded = excluded
        self.end = end
    }

    /// The next source of this run's shard, or nil after the last.
    mutating func next() -> Found? {
        while end?.isSet != true, let (source, error) = nextOfAnyShard() {
            let index = nextIndex
            nextIndex += 1
            if let shard = options.shard, !shard.contains(source.name) { continue }
            return Found(index: index, source: source, error: error)
        }
        return nil
    }

    private mutating func nextOfAnyShard() -> (Source, TransferError?)? {
        while true {
            switch current {
            case .folder(let root, var walk):
                // Two owners of the walk would copy its state for every file.
                current = .none
                guard let entry = walk.next() else { continue }
                current = .folder(root, walk)
                if let found = examine(entry, in: root) { return found }
            case .list(let lines):
                if let found = nextLine(of: lines) { return found }
                current = .none
            case .none:
                guard nextInput < inputs.count else { return nil }
                nextInput += 1
                if let found = begin(inputs[nextInput - 1]) { return found }
            }
        }
    }

    private mutating func begin(_ input: Input) -> (Source, TransferError?)? {
        switch input {
        case .standardInput: return (.standardInput, nil)
        case .url(let url): return (.url(url), nil)
        case .list(let path, let separator):
            do {
                current = .list(try LineStream(path, separator: separator, until: end))
                return nil
            } catch {
                return (.named(path ?? "-"), error)
            }
        case .path(let path):
            do throws(TransferError) {
                guard try FileStatus(of: path).kind == .folder else { return (.named(path), nil) }
                let walk = try FolderWalk(
                    path, includesHidden: options.includesHidden,
                    followsLinks: options.followsLinks, excluding: excluded)
                current = .folder(path, walk)
                return nil
            } catch {
                return (.named(path), error)
            }
        }
    }

    /// What a walk came across, if it counts.
    private func examine(
        _ entry: FolderEntry, in root: BytePath
    ) -> (Source, TransferError?)? {
        let source = Source.found(entry.path, in: root)
        switch entry.kind {
        case .unreadableFolder(let error): return (source, error)
        case .other: return nil
        case .file:
            let isIncluded =
                options.include.isEmpty || options.include.contains { $0.matches(entry.path) }
            let isExcluded = options.exclude.contains { $0.matches(entry.path) }
            return isIncluded && !isExcluded ? (source, nil) : nil
        }
    }

    private mutating func nextLine(of lines: LineStream) -> (Source, TransferError?)? {
        do throws(TransferError) {
            guard let line = try lines.next() else { return nil }
            let text = String(decoding: line, as: UTF8.self)
            if Input.isURL(text) { return (.url(text), nil) }
            guard let path = BytePath(line) else {
                return (.named(lines.path), .badName(.empty))
            }
            return (.named(path), nil)
        } catch {
            // A list that cannot be read will not become readable.
            current = .none
            return (.named(lines.path), error)
        }
    }
}
