internal import Images
internal import Profiling
internal import SystemCalls
internal import Transfer

extension Pipeline {
    /// Says of each input what would be done with it, and does nothing.
    ///
    /// Files are opened to see their format, nothing is downloaded, decoded or written; the output
    /// folder is not made. Names that depend on what a server sends stay open.
    ///
    /// - Parameters:
    ///   - control: Ends the run early; any thread may use it meanwhile.
    ///   - observer: Sees each outcome as it comes.
    /// - Returns: How many inputs there are, and what would become of them.
    /// - Throws: ``PipelineError`` if the run could not begin.
    public func plan(
        control: RunControl, observer: any BatchObserver
    ) throws(PipelineError) -> BatchSummary {
        let began = MonotonicInstant.now
        let usage = ProcessUsage.current()
        let (parts, makeStream) = try prepare(
            control: control, observer: observer, makingFolder: false)
        observer.began { parts.tally.counts }
        let fetcher = Fetcher(parts)
        var stream = makeStream()
        while let found = stream.next(), !control.isDraining {
            parts.tally.found()
            let outcome = ImageOutcome(index: found.index, source: found.source)
            if let error = found.error {
                parts.tally.end(outcome.failed(ImageFailure(.fetch, error)))
            } else {
                parts.tally.end(fetcher.planned(outcome))
            }
        }
        parts.tally.foundAll()
        return BatchSummary(
            counts: parts.tally.counts, profile: Profile(),
            wallNanoseconds: MonotonicInstant.now.nanoseconds(since: began),
            usage: ProcessUsage.current().since(usage), peakMemoryByteCount: 0,
            endingReason: control.endingReason)
    }
}
