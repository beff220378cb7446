/// What ``QuickDeflater`` looks for.
enum Repetition: Equatable {
    /// Runs of one byte: what there is in photographs.
    case runs

    /// Copies of eight bytes and more in steps of a pixel's bytes, and runs: what there is in drawings.
    case copies(step: Int)
}
