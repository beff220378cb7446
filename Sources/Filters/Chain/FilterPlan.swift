public import Images
public import Profiling

/// What is to be done to images of one layout, in order, and the memory that it takes.
///
/// The image changes between two regions of the frame: the first begins at offset 0, where the
/// source lies, the second behind it. Operations that work in place stay where they are. A plan is a
/// value; it may be used for any number of images, and running it allocates nothing once the
/// scratch memory is large enough.
public struct FilterPlan: Sendable {
    /// The image before; it lies at offset 0.
    public let source: PixelLayout

    /// The image after: exact, or an upper bound where a filter depends on the pixels.
    public let result: PixelLayout

    /// The bytes of the frame.
    public let byteCount: Int

    /// The bytes of scratch memory that a run takes at most.
    public let scratchByteCount: Int

    /// Where in the frame the result lies.
    public let resultOffset: Int

    /// The filters in order, to plan the rest again after one whose result depends on the pixels.
    private let filters: [any Filter]
    private let context: FilterContext
    private let operations: [PlannedOperation]

    /// Where the regions begin.
    private let regions: Regions

    /// Whether nothing is to be done: the result is the source.
    public var isEmpty: Bool { operations.isEmpty }

    init(
        _ filters: [any Filter], for source: PixelLayout, in context: FilterContext
    ) throws(FilterError) {
        let operations = try Self.operations(filters, for: source, in: context)
        var regions = Regions(firstByteCount: source.byteCount)
        var region = 0
        for planned in operations {
            if !planned.operation.worksInPlace { region = 1 - region }
            regions.enlarge(region, to: planned.operation.result.byteCount)
        }
        self.source = source
        self.filters = filters
        self.context = context
        self.operations = operations
        self.regions = regions
        result = operations.last?.operation.result ?? source
        byteCount = regions.byteCount
        scratchByteCount = operations.map(\.operation.scratchByteCount).max() ?? 0
        resultOffset = regions.offset(of: region)
    }

    /// Makes the result from the source, both in `memory`.
    ///
    /// - Parameters:
    ///   - memory: At least ``byteCount`` bytes; the source lies at offset 0.
    ///   - scratch: Memory of the executor, which grows to ``scratchByteCount`` if it is smaller.
    ///   - checkpoint: Asked at least every 16 rows.
    ///   - finished: Called after each filter that had something to do, with its index for
    ///     ``name(ofFilterAt:)``.
    /// - Returns: The layout of the result, which lies at ``resultOffset``.
    /// - Throws: `interrupted`; `pixelLimitExceeded` or `outsideImage` where these depend on the
    ///   pixels.
    public func run(
        in memory: inout MutableRawSpan, scratch: inout FilterScratch, checkpoint: Checkpoint,
        finished: (_ index: Int) -> Void = { _ in }
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
        checkpoint: Checkpoint, finished: (_ index: Int) -> Void
    ) throws(FilterError) -> PixelLayout {
        var layout = source
        var region = 0
        var remaining = operations[...]
        while let planned = remaining.popFirst() {
            let operation = planned.operation
            let from = unsafe regions.image(layout, in: region, of: bytes)
            if !operation.worksInPlace { region = 1 - region }
            guard operation.result.byteCount <= regions.byteCount(of: region) else {
                throw .pixelLimitExceeded(
                    filter: planned.name, pixelCount: operation.result.size.pixelCount,
                    limit: regions.byteCount(of: region) / operation.result.format.bytesPerPixel)
            }
            let to = unsafe regions.image(operation.result, in: region, of: bytes)
            var pieces = scratch.lend(byteCount: operation.scratchByteCount)
            do {
                layout = try operation.run(
                    from: from, to: to, scratch: &pieces, checkpoint: checkpoint)
            } catch {
                throw .interrupted(error)
            }
            finished(planned.endIndex - 1)
            if layout != operation.result {
                remaining = try Self.operations(
                    filters, after: planned.endIndex, for: layout, in: context)[...]
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

/// An operation of a plan, and which filters it stands for.
private struct PlannedOperation: Sendable {
    let operation: any Operation
    let name: String

    /// The index of the first filter after it.
    let endIndex: Int
}

extension FilterPlan {
    /// Binds filters to the layouts that they will see.
    private static func operations(
        _ filters: [any Filter], after start: Int = 0, for source: PixelLayout,
        in context: FilterContext
    ) throws(FilterError) -> [PlannedOperation] {
        var operations: [PlannedOperation] = []
        var layout = source
        var context = context
        if start > 0 { context.originalSize = nil }
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
            if let operation {
                operations.append(
                    PlannedOperation(operation: operation, name: filter.name, endIndex: index))
                layout = operation.result
            }
            // Turning comes before the first filter, which alone may see a shrunk image.
            if !(filter is Orient) { context.originalSize = nil }
        }
        return operations
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
