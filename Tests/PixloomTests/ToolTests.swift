import Testing

/// What a person sees of the built tool.
///
/// One test at a time: each waits for processes that use all cores, and their time limits would
/// count the wait for others.
@Suite("The tool", .serialized, .timeLimit(.minutes(1)))
enum ToolTests {}
