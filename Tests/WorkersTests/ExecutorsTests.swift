import Filters
import Images
import Profiling
import SystemCalls
import Testing

@testable import Workers

@Suite("Both executors", .timeLimit(.minutes(30)))
struct ExecutorsTests {
    @Test(
        "give the same bytes",
        arguments: [
            [], ["resize:50%"], ["gaussian-blur:2", "grayscale"], ["rotate:90", "median:1"],
            ["sobel", "resize:31x9,fit=fill"],
        ], PixelFormat.allCases)
    func giveTheSameBytes(specifications: [String], format: PixelFormat) throws {
        let chain = try FilterChain(specifications)
        let request = FilterRequest.testing(
            try PixelLayout.testing(width: 17, height: 13, format: format),
            orientation: .rightTop)
        var inline = InlineExecutor(chain: chain, byteCountLimit: 1 << 20)
        var child = try ChildProcessExecutor(
            chain: chain, executable: WorkerPrograms.correct, byteCountLimit: 1 << 20,
            kind: .anonymous)

        let expected = try inline.filter(request, with: chain)
        let image = try child.filter(request, with: chain)

        #expect(image == expected)
    }

    @Test(
        "give the same bytes for every filter of the table",
        arguments: FilterTable.all.map(\.example), [PixelFormat.gray8, .rgb8, .rgba16])
    func giveTheSameBytesForEveryFilter(example: String, format: PixelFormat) throws {
        let chain = try FilterChain([example], linear: format == .rgba16)
        let small = FilterRequest.testing(
            try PixelLayout.testing(width: 83, height: 61, format: format))
        // Some examples are for an image of the usual size.
        let large = FilterRequest.testing(
            try PixelLayout.testing(width: 750, height: 560, format: format))
        let request = (try? small.plan(chain)) == nil ? large : small
        let byteCount = try request.plan(chain).byteCount
        var inline = InlineExecutor(chain: chain, byteCountLimit: byteCount)
        var child = try ChildProcessExecutor(
            chain: chain, executable: WorkerPrograms.correct, byteCountLimit: byteCount,
            kind: .anonymous)

        let expected = try inline.filter(request, with: chain)
        let image = try child.filter(request, with: chain)

        #expect(image == expected)
    }

    @Test(
        "filter several images in one run as each by itself",
        arguments: [["grayscale"], ["resize:50%", "median:1"], ["gaussian-blur:2", "rotate:90"]])
    func filterSeveral(specifications: [String]) throws {
        let chain = try FilterChain(specifications)
        let requests = try (1...FilterGroup.largestCount).map { number in
            FilterRequest.testing(
                try PixelLayout.testing(
                    width: 3 * number, height: 40 - number, format: .allCases[number % 4]),
                orientation: number % 2 == 0 ? .rightTop : .topLeft)
        }
        var inline = InlineExecutor(chain: chain, byteCountLimit: 1 << 20)
        var child = try ChildProcessExecutor(
            chain: chain, executable: WorkerPrograms.correct, byteCountLimit: 1 << 20,
            kind: .anonymous)
        var expected: [FilteredImage] = []
        for request in requests { expected.append(try inline.filter(request, with: chain)) }

        let together = try inline.filter(requests, with: chain)
        let images = try child.filter(requests, with: chain)

        #expect(together == expected)
        #expect(images == expected)
    }

    @Test("refuse an image that needs more memory than they may take")
    func refuseTooLarge() throws {
        let chain = try FilterChain([])
        let limit = WorkerError.memoryLimitExceeded(needed: 4097, limit: 4096)
        var inline = InlineExecutor(chain: chain, byteCountLimit: 4096)
        var child = try ChildProcessExecutor(
            chain: chain, executable: WorkerPrograms.correct, byteCountLimit: 4096,
            kind: .anonymous)

        #expect(throws: limit) { try inline.makeRoom(byteCount: 4097) }
        #expect(throws: limit) { try child.makeRoom(byteCount: 4097) }
    }

    @Test("say why a filter cannot be applied")
    func sayWhy() throws {
        // The parent's plan would be refused first; a child that is asked all the same refuses too.
        let chain = try FilterChain(["resize:50%"])
        var request = FilterRequest.testing(try PixelLayout.testing(width: 16, height: 16))
        let plan = try request.plan(chain)
        request.pixelLimit = 3
        var child = try ChildProcessExecutor(
            chain: chain, executable: WorkerPrograms.correct, byteCountLimit: 1 << 20,
            kind: .anonymous)
        try child.makeRoom(byteCount: plan.byteCount)

        var error: WorkerError?
        do {
            _ = try child.run(FilterGroup(request, plan), checkpoint: .none)
        } catch let failure { error = failure }

        #expect(
            error
                == .filterRefused(
                    "filter resize: its result would have 64 pixels: 3 are allowed"))
    }
}
