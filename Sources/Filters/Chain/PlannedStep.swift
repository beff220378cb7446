internal import Images
internal import Profiling

/// A step of a plan: one operation on the whole image, or several that take turns on bands of it.
struct PlannedStep: Sendable {
    private let work: Work

    /// The bytes of scratch memory that a run takes at most.
    let scratchByteCount: Int

    /// For each operation the index of the first filter after it.
    let endIndices: [Int]

    private enum Work: Sendable {
        case whole(any Operation)
        case bands(BandRun)
    }

    /// What it makes: exact, or an upper bound where it depends on the pixels.
    var result: PixelLayout {
        switch work {
        case .whole(let operation): operation.result
        case .bands(let run): run.result
        }
    }

    /// Whether source and result are the same memory.
    var worksInPlace: Bool {
        switch work {
        case .whole(let operation): operation.worksInPlace
        case .bands(let run): run.worksInPlace
        }
    }

    private init(_ operation: any Operation, endIndex: Int) {
        work = .whole(operation)
        scratchByteCount = operation.scratchByteCount
        endIndices = [endIndex]
    }

    private init(_ run: BandRun, endIndices: [Int]) {
        work = .bands(run)
        scratchByteCount = run.scratchByteCount
        self.endIndices = endIndices
    }

    /// Makes the result.
    ///
    /// - Parameters:
    ///   - source: What is read.
    ///   - result: Where the result goes, the same memory where the step works in place.
    ///   - scratch: At least ``scratchByteCount`` bytes.
    ///   - checkpoint: Asked at least every 16 rows.
    ///   - finished: Called for each operation, in order, with the index of its last filter and
    ///     when it ended.
    /// - Returns: The layout of the result.
    /// - Throws: Why it was stopped.
    func run(
        from source: ImageMemory, to result: ImageMemory, scratch: ScratchMemory,
        checkpoint: Checkpoint, finished: (_ index: Int, _ end: MonotonicInstant) -> Void
    ) throws(Interruption) -> PixelLayout {
        switch work {
        case .whole(let operation):
            var scratch = scratch
            let layout = try operation.run(
                from: source, to: result, scratch: &scratch, checkpoint: checkpoint)
            finished(endIndices[0] - 1, .now)
            return layout
        case .bands(let run):
            var end = MonotonicInstant.now
            try run.run(from: source, to: result, scratch: scratch, checkpoint: checkpoint) {
                end = end.advanced(byNanoseconds: $1)
                finished(endIndices[$0] - 1, end)
            }
            return run.result
        }
    }
}

extension PlannedStep {
    /// Binds filters to the layouts that they will see, and puts together what can work on bands.
    static func steps(
        _ filters: [any Filter], after start: Int = 0, for source: PixelLayout,
        in context: FilterContext
    ) throws(FilterError) -> [PlannedStep] {
        var steps: [PlannedStep] = []
        var rowOperations: [any RowOperation] = []
        var endIndices: [Int] = []
        var layout = source
        var context = context
        if start > 0 {
            context.originalSize = nil
            context.isUpperBound = true
        }
        func finishBands() {
            guard !rowOperations.isEmpty else { return }
            // Where the size may turn out to be smaller, memory for another decision would be
            // missing.
            let run = BandRun(
                rowOperations, bandByteCount: context.bandByteCount,
                mayReplaceSource: !context.isUpperBound)
            steps.append(PlannedStep(run, endIndices: endIndices))
            (rowOperations, endIndices) = ([], [])
        }
        var index = start
        while index < filters.count {
            let filter = filters[index]
            // Point filters that follow each other are one pass.
            let points = filters[index...].prefix { $0 is any PointFilter }
                .compactMap { $0 as? any PointFilter }
            let operation =
                points.isEmpty
                ? try filter.operation(on: layout, in: context)
                : try PointPass(points, on: layout, in: context)
            index += max(points.count, 1)
            // Turning comes before the first filter, which alone may see a shrunk image.
            if !(filter is Orient) { context.originalSize = nil }
            guard let operation else { continue }
            layout = operation.result
            if let rowOperation = operation as? any RowOperation {
                rowOperations.append(rowOperation)
                endIndices.append(index)
            } else {
                finishBands()
                steps.append(PlannedStep(operation, endIndex: index))
                if operation.dependsOnPixels { context.isUpperBound = true }
            }
        }
        finishBands()
        return steps
    }
}
