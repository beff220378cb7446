internal import Profiling
internal import SystemCalls
internal import Transfer

/// What is looked at and made before the first thread starts, so that what cannot work is one clear
/// line and no half-done run.
extension Pipeline {
    /// Makes what the threads share.
    ///
    /// - Parameters:
    ///   - control: Ends the run early.
    ///   - observer: Sees the outcomes.
    ///   - sink: Takes every single span.
    ///   - makingFolder: Whether the output folder is made if it is missing; false for a dry run,
    ///     which also tells neither ledger nor quarantine of what fails.
    /// - Returns: The parts, and how to enumerate the sources from the first.
    /// - Throws: ``PipelineError`` if the run cannot begin.
    func prepare(
        control: RunControl, observer: any BatchObserver, sink: (any SpanSink)? = nil,
        makingFolder: Bool = true
    ) throws(PipelineError) -> (RunParts, @Sendable () -> SourceStream) {
        try checkSingleInput()
        let template = try checkTarget()
        let makeStream = { @Sendable in
            SourceStream(inputs, options: find, excluding: ownFolders, until: control.draining)
        }
        let findings = try findCollisions(template, control, makeStream)
        // Made last: a command line that cannot work leaves nothing behind.
        let folder = try openFolder(making: makingFolder)
        let ledger = try openLedger(folder, template, making: makingFolder)
        let tally = Tally(
            observer: observer, control: control, settings: settings,
            ledger: makingFolder ? ledger : nil,
            quarantine: makingFolder ? try openQuarantine() : nil)
        let parts = RunParts(
            settings: settings, recipe: recipe,
            destinations: Destinations(
                template: template, recipe: recipe, suffixed: findings.pathHashes,
                areKnownApart: !findings.hasLateNames),
            folder: folder, discardsOutputs: target == .discarded, control: control,
            tally: tally, ledger: ledger, sink: sink)
        return (parts, makeStream)
    }

    /// A named input that does not exist is a failed outcome among others, and an error by itself.
    private func checkSingleInput() throws(PipelineError) {
        guard inputs.count == 1 else { return }
        do throws(TransferError) {
            switch inputs[0] {
            case .path(let path), .list(let path?, _): _ = try FileStatus(of: path)
            case .url, .standardInput, .list(nil, _): break
            }
        } catch {
            throw .inputMissing(inputs[0].displayName, error)
        }
    }

    /// How outputs are named.
    private func checkTarget() throws(PipelineError) -> OutputTemplate {
        guard case .folder(let path, let template) = target else { return .keepingTree }
        // A single output file may lie beside its source: it has another name.
        if template.isFixed { return template }
        guard let identity = try? FileStatus(of: path.orWorkingFolder).identity else {
            return template
        }
        for case .path(let input) in inputs {
            if let status = try? FileStatus(of: input), status.identity == identity {
                throw .outputIsInput(path.orWorkingFolder.description)
            }
        }
        return template
    }

    /// The folders that are not searched because this run writes to them, as far as they exist:
    /// those of the outputs and of the quarantine are made between the two enumerations.
    private var ownFolders: Set<FileIdentity> {
        var paths: [BytePath] = []
        if case .folder(let path, let template) = target, !template.isFixed {
            paths.append(path.orWorkingFolder)
        }
        if let quarantine = settings.quarantine { paths.append(quarantine) }
        return Set(paths.compactMap { try? FileStatus(of: $0).identity })
    }

    /// The folder of the outputs; nil where there is none, or none yet and none is to be made.
    private func openFolder(making: Bool) throws(PipelineError) -> OutputFolder? {
        guard case .folder(let folder, _) = target else { return nil }
        let path = folder.orWorkingFolder
        if !making, (try? FileStatus(of: path)) == nil { return nil }
        do throws(TransferError) {
            return try OutputFolder(path, unnamedFileCount: settings.openOutputCount)
        } catch {
            throw .outputFolder(path.description, error)
        }
    }

    private func findCollisions(
        _ template: OutputTemplate, _ control: RunControl,
        _ makeStream: @escaping () -> SourceStream
    ) throws(PipelineError) -> CollisionSearch.Findings {
        guard inputs.allSatisfy(\.isRepeatable) else {
            var findings = CollisionSearch.Findings()
            findings.hasLateNames = true
            return findings
        }
        let search = CollisionSearch(template: template, recipe: recipe, stream: makeStream)
        let findings = search.run()
        // The hashes of a hundred thousand names are no longer needed.
        CurrentProcess.giveFreeMemoryBack()
        if findings.count == 0, find.shard == nil, !control.isDraining { throw .noInput }
        if let collision = findings.collision, settings.onCollision == .error {
            throw .collision(
                first: collision.first.displayName, second: collision.second.displayName,
                destination: collision.path.description)
        }
        return findings
    }

    /// Opens the ledger of the run; a single file that is named gets none beside it.
    private func openLedger(
        _ folder: OutputFolder?, _ template: OutputTemplate, making: Bool
    ) throws(PipelineError) -> Ledger? {
        let run = LedgerRun(recipe: recipe.fingerprint, settings: settings)
        let findingFailures = settings.retriesFailedOnly
        do throws(TransferError) {
            switch settings.ledger {
            case .file(let path):
                if !making, (try? FileStatus(of: path)) == nil { return nil }
                return try Ledger(
                    path.lastComponent, in: OutputFolder(path.parent), run: run,
                    findingFailures: findingFailures)
            case .inOutputFolder:
                guard let folder, !template.isFixed else { return nil }
                if !making, try !folder.exists(Ledger.standardPath) { return nil }
                return try Ledger(
                    Ledger.standardPath, in: folder, run: run,
                    findingFailures: findingFailures)
            case .none: return nil
            }
        } catch {
            throw .ledger(error)
        }
    }

    private func openQuarantine() throws(PipelineError) -> Quarantine? {
        guard let path = settings.quarantine else { return nil }
        do {
            return try Quarantine(
                path, maximumByteCount: settings.downloads.maximumByteCount)
        } catch {
            throw .outputFolder(path.description, error)
        }
    }
}

extension BytePath {
    /// The path, or `.` for the empty one, which most system calls do not take.
    fileprivate var orWorkingFolder: BytePath { isEmpty ? "." : self }
}
