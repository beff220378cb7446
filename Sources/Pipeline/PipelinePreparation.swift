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
    ///   - makingFolder: Whether the output folder is made if it is missing.
    /// - Returns: The parts, and how to enumerate the sources from the first.
    /// - Throws: ``PipelineError`` if the run cannot begin.
    func prepare(
        control: RunControl, observer: any BatchObserver, makingFolder: Bool = true
    ) throws(PipelineError) -> (RunParts, @Sendable () -> SourceStream) {
        try checkSingleInput()
        let (folder, template, excluded) = try openTarget(makingFolder: makingFolder)
        let makeStream = { @Sendable in SourceStream(inputs, options: find, excluding: excluded) }
        let findings = try findCollisions(template, makeStream)
        let tally = Tally(
            observer: observer, control: control,
            stopsAtFirstError: settings.stopsAtFirstError)
        let parts = RunParts(
            settings: settings, recipe: recipe,
            destinations: Destinations(
                template: template, recipe: recipe, suffixed: findings.pathHashes,
                areKnownApart: !findings.hasLateNames),
            folder: folder, control: control, tally: tally)
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

    private func openTarget(makingFolder: Bool) throws(PipelineError) -> (
        OutputFolder?, OutputTemplate, Set<FileIdentity>
    ) {
        guard case .folder(let path, let template) = target else {
            return (nil, .keepingTree, [])
        }
        if !makingFolder, (try? FileStatus(of: path)) == nil { return (nil, template, []) }
        let folder: OutputFolder
        let identity: FileIdentity
        do throws(TransferError) {
            folder = try OutputFolder(path)
            identity = try folder.identity()
        } catch {
            throw .outputFolder(path.description, error)
        }
        // A single output file may lie beside its source: it has another name.
        if template.isFixed { return (folder, template, []) }
        for case .path(let input) in inputs {
            if let status = try? FileStatus(of: input), status.identity == identity {
                throw .outputIsInput(path.description)
            }
        }
        return (folder, template, [identity])
    }

    private func findCollisions(
        _ template: OutputTemplate, _ makeStream: @escaping () -> SourceStream
    ) throws(PipelineError) -> CollisionSearch.Findings {
        guard inputs.allSatisfy(\.isRepeatable) else {
            var findings = CollisionSearch.Findings()
            findings.hasLateNames = true
            return findings
        }
        let search = CollisionSearch(template: template, recipe: recipe, stream: makeStream)
        let findings = search.run()
        if findings.count == 0, find.shard == nil { throw .noInput }
        if let collision = findings.collision, settings.onCollision == .error {
            throw .collision(
                first: collision.first.displayName, second: collision.second.displayName,
                destination: collision.path.description)
        }
        return findings
    }
}
