public import Images
public import Profiling

/// What is to be done to images of one layout, in order, and the memory that it takes.
///
/// The image changes between two regions of the frame: the first begins at offset 0, where the
/// source lies, the second behind it. What works in place stays where it is. Operations that can
/// work on bands do so together. A plan is a value; it may be used for any number of images, and
/// running it allocates nothing once the scratch memory is large enough, unless filters follow one
/// whose result depends on the pixels.
public struct FilterPlan: Sendable {
    /// The image before; it lies at offset 0.
    public let source: PixelLayout

    /// The image after: exact, or an upper bound where a filter depends on the pixels.
    public let result: PixelLayout

    /// The bytes of the frame.
    public let byteCount: Int

    /// The bytes of scratch memory that a run takes at most.
    ///
    /// For one filter, whatever its parameters, frame and scratch memory are no more than the source,
    /// the result, twice the larger of the two and 128 KiB, where an image of fewer than 64 rows counts
    /// as one of 64.
    /// What a plan itself holds is not counted: tables of up to 128 KiB, and weights for `resize`
    /// of some 50 bytes for each row and column.
    public let scratchByteCount: Int

    /// Where in the frame the result lies.
    public let resultOffset: Int

    /// The filters in order, to plan the rest again after one whose result depends on the pixels.
    private let filters: [any Filter]
    private let context: FilterContext
    private let steps: [PlannedStep]

    /// Where the regions begin.
    private let regions: Regions

    /// Whether nothing is to be done: the result is the source.
    public var isEmpty: Bool { steps.isEmpty }

    init(
        _ filters: [any Filter], for source: PixelLayout, in context: FilterContext
    ) throws(FilterError) {
        let steps = try PlannedStep.steps(filters, for: source, in: context)
        var regions = Regions(firstByteCount: source.byteCount)
        var region = 0
        for step in steps {
            if !step.worksInPlace { region = 1 - region }
            regions.enlarge(region, to: step.result.byteCount)
        }
        self.source = source
        self.filters = filters
        self.context = context
        self.steps = steps
        self.regions = regions
        result = steps.last?.result ?? source
        byteCount = regions.byteCount
        scratchByteCount = steps.map(\.scratchByteCount).max() ?? 0
        resultOffset = regions.offset(of: region)
    }

    /// Makes the result from the source, both in `memory`.
    ///
    /// - Parameters:
    ///   - memory: At least ``byteCount`` bytes; the source lies at offset 0.
    ///   - scratch: Memory of the executor, which grows to ``scratchByteCount`` if it is smaller.
    ///   - checkpoint: Asked at least every 16 rows.
    ///   - finished: Called for each filter that had something to do, in order, with its index for
    ///     ``name(ofFilterAt:)`` and when it ended. Filters that took turns, band by band, are
    ///     told as if each had run alone, for as long as it took.
    /// - Returns: The layout of the result, which lies at ``resultOffset``.
    /// - Throws: `interrupted`; `pixelLimitExceeded` or `outsideImage` where these depend on the
    ///   pixels.
    public func run(
        in memory: inout MutableRawSpan, scratch: inout FilterScratch, checkpoint: Checkpoint,
        finished: (_ index: Int, _ end: MonotonicInstant) -> Void = { _, _ in }
    ) throws(FilterError) -> PixelLayout {
        precondition(
            memory.byteCount >= byteCount,
            "a frame of \(memory.byteCount) bytes where \(byteCount) are needed")
        return try unsafe memory.withUnsafeMutableBytes { (bytes) throws(FilterError) in
            try unsafe run(
                in: bytes, scratch: &scratch, checkpoint: checkpoint, finished: finished)
        }
    }

    /// The name of a filter of the plan, as in `resize`; nil if there is none at this index.
    public func name(ofFilterAt index: Int) -> String? {
        filters.indices.contains(index) ? filters[index].name : nil
    }

    private func run(
        in bytes: UnsafeMutableRawBufferPointer, scratch: inout FilterScratch,
        checkpoint: Checkpoint, finished: (_ index: Int, _ end: MonotonicInstant) -> Void
    ) throws(FilterError) -> PixelLayout {
        var layout = source
        var region = 0
        var remaining = steps[...]
        while let step = remaining.popFirst() {
            let from = unsafe regions.image(layout, in: region, of: bytes)
            if !step.worksInPlace { region = 1 - region }
            guard step.result.byteCount <= regions.byteCount(of: region) else {
                throw .pixelLimitExceeded(
                    filter: filters[step.endIndices.last.map { $0 - 1 } ?? 0].name,
                    pixelCount: step.result.size.pixelCount,
                    limit: regions.byteCount(of: region) / step.result.format.bytesPerPixel)
            }
            let to = unsafe regions.image(step.result, in: region, of: bytes)
            do {
                layout = try step.run(
                    from: from, to: to,
                    scratch: scratch.lend(byteCount: step.scratchByteCount),
                    checkpoint: checkpoint, finished: finished)
            } catch {
                throw .interrupted(error)
            }
            if layout != step.result, let endIndex = step.endIndices.last {
                remaining = try PlannedStep.steps(
                    filters, after: endIndex, for: layout, in: context)[...]
            }
        }
        let found = regions.offset(of: region)
        if found != resultOffset {
            // A filter of the plan had nothing to do for the size that came out of the pixels.
            let moved = unsafe UnsafeRawBufferPointer(
                rebasing: bytes[found..<found + layout.byteCount])
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[resultOffset...])
                .copyMemory(from: moved)
        }
        return layout
    }
}

/// The two parts of a frame between which an image changes.
private struct Regions: Sendable {
    private var byteCounts: [Int]

    init(firstByteCount: Int) {
        byteCounts = [firstByteCount, 0]
    }

    mutating func enlarge(_ region: Int, to byteCount: Int) {
        byteCounts[region] = max(byteCounts[region], byteCount)
    }

    /// The second region begins on a cache line.
    func offset(of region: Int) -> Int {
        region == 0 ? 0 : (byteCounts[0] + 63) & ~63
    }

    func byteCount(of region: Int) -> Int { byteCounts[region] }

    var byteCount: Int { byteCounts[1] == 0 ? byteCounts[0] : offset(of: 1) + byteCounts[1] }

    @unsafe func image(
        _ layout: PixelLayout, in region: Int, of bytes: UnsafeMutableRawBufferPointer
    ) -> ImageMemory {
        guard let start = bytes.baseAddress else {
            preconditionFailure("a frame without memory")
        }
        return unsafe ImageMemory(
            start: start + offset(of: region), byteCount: byteCount(of: region), layout: layout)
    }
}
