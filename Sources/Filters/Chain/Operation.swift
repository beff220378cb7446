internal import Images
internal import Profiling

/// A filter that is bound to a layout: what a plan consists of.
protocol Operation: Sendable {
    /// What it reads.
    var source: PixelLayout { get }

    /// What it makes: exact, or an upper bound where it depends on the pixels.
    var result: PixelLayout { get }

    /// Whether source and result are the same memory.
    var worksInPlace: Bool { get }

    /// Whether the size of the result is known only when the pixels are.
    var dependsOnPixels: Bool { get }

    /// The bytes that ``run(from:to:scratch:checkpoint:)`` takes from the scratch memory at most.
    var scratchByteCount: Int { get }

    /// Makes the result; the memory does not overlap unless the operation works in place.
    ///
    /// It calls `checkpoint.check()` at least every 16 rows.
    ///
    /// - Returns: The layout of the result.
    func run(
        from source: ImageMemory, to result: ImageMemory, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) -> PixelLayout
}

extension Operation {
    var worksInPlace: Bool { false }
    var dependsOnPixels: Bool { false }
    var scratchByteCount: Int { 0 }
}

/// An operation whose code is the same for both bit depths and leaves the depth as it is.
protocol SampleOperation: Operation {
    /// Makes the result from samples of one depth.
    func run<Sample: PixelSample>(
        from source: Rows<Sample>, to result: Rows<Sample>, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption)
}

extension SampleOperation {
    @inline(__always)
    func run(
        from source: ImageMemory, to result: ImageMemory, scratch: inout ScratchMemory,
        checkpoint: Checkpoint
    ) throws(Interruption) -> PixelLayout {
        if self.source.format.bitsPerSample == 8 {
            try run(
                from: source.rows(of: UInt8.self), to: result.rows(), scratch: &scratch,
                checkpoint: checkpoint)
        } else {
            try run(
                from: source.rows(of: UInt16.self), to: result.rows(), scratch: &scratch,
                checkpoint: checkpoint)
        }
        return self.result
    }
}

extension Checkpoint {
    /// Checks at each row whose number is a multiple of 16.
    func check(atRow y: Int) throws(Interruption) {
        if y & 15 == 0 { try check() }
    }
}
