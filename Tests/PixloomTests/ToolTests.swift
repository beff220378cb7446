import Testing

/// What a person sees of the built tool.
///
/// One test at a time: each waits for processes that use all cores. Time limits, here and elsewhere,
/// are for what hangs and far from what a busy machine needs: they count the wait for others, too.
@Suite("The tool", .serialized, .timeLimit(.minutes(30)))
enum ToolTests {}
