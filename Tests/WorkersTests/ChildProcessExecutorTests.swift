import Filters
import Foundation
import Glibc
import Images
import Profiling
import SystemCalls
import TestSupport
import Testing

@testable import Workers

@Suite("A child-process executor", .timeLimit(.minutes(30)))
struct ChildProcessExecutorTests {
    private let chain: FilterChain
    private let request: FilterRequest
    private let folder: TemporaryFolder

    init() throws {
        chain = try FilterChain(["rotate:180"])
        request = FilterRequest.testing(try PixelLayout.testing(width: 7, height: 5))
        folder = try TemporaryFolder()
    }

    @Test("keeps its child from image to image")
    func keepsItsChild() throws {
        var executor = try executor(WorkerPrograms.correct)
        try executor.start()
        let first = executor.workerID

        for _ in 1...3 { _ = try executor.filter(request, with: chain) }

        let last = executor.workerID
        #expect(first != nil)
        #expect(last == first)
    }

    @Test("replaces a child that was killed while it had nothing to do, at nobody's expense")
    func replacesIdleChild() throws {
        var executor = try executor(WorkerPrograms.correct)
        let expected = try executor.filter(request, with: chain)
        let running = executor.workerID
        let id = try #require(running)
        kill(id, SIGKILL)
        try awaitEnd(of: id)

        let image = try executor.filter(request, with: chain)

        #expect(image == expected)
        #expect(kill(id, 0) == -1)
    }

    @Test("replaces a child that was killed while the lane decoded")
    func replacesChildDuringDecode() throws {
        var executor = try executor(WorkerPrograms.correct)
        let plan = try request.plan(chain)
        try executor.start()
        try executor.makeRoom(byteCount: plan.byteCount)
        let running = executor.workerID
        let id = try #require(running)
        kill(id, SIGKILL)
        try awaitEnd(of: id)

        let run = try #require(
            try executor.run(FilterGroup(request, plan), checkpoint: .none).first)

        #expect(run.result == plan.result)
    }

    @Test(
        "ends a child that fails at an image, says how, and filters the next on a fresh one",
        arguments: [
            ("crash", .workerDied(.signaled(number: SIGSEGV), lastWords: "")),
            ("abort", .workerDied(.signaled(number: SIGABRT), lastWords: "")),
            ("exit", .workerDied(.exited(code: 0), lastWords: "")),
            ("spin", .timedOut),
            ("stop", .timedOut),
            ("close", .protocolViolated("nothing, but closed its connection and lived on")),
            ("wrong-number", .protocolViolated("a reply to request 2, request 1 sent")),
            ("long-reply", .protocolViolated("a message of more than 4096 bytes")),
            ("short-reply", .protocolViolated("a message of 87 bytes that is no reply")),
            ("flood", .protocolViolated("a message of 24 bytes that is no reply")),
            ("too-large", .protocolViolated("a result of 14×5 rgb8, 7×5 rgb8 planned")),
            ("other-format", .protocolViolated("a result of 7×5 rgba16, 7×5 rgb8 planned")),
        ] as [(String, WorkerError)])
    func endsFailingChild(lie: String, expected: WorkerError) throws {
        var executor = try executor(misbehaving: lie + "-on-7x5")
        try executor.start()
        let running = executor.workerID
        let id = try #require(running)

        // Of the others none waits for the time to pass, so they may be as slow as they like.
        let error = failure(
            of: &executor, request, withinMilliseconds: expected == .timedOut ? 300 : 30_000)

        #expect(error == expected)
        #expect(kill(id, 0) == -1, "the child was not reaped")
        let other = FilterRequest.testing(try PixelLayout.testing(width: 5, height: 5))
        let image = try executor.filter(other, with: chain)
        #expect(image.layout == other.source)
    }

    @Test(
        "believes no results but those of the whole group",
        arguments: [
            ("too-large", "a result of 14×5 rgb8, 7×5 rgb8 planned"),
            ("too-few", "1 results, 2 asked for"),
        ])
    func refusesOtherGroups(lie: String, reason: String) throws {
        var executor = try executor(misbehaving: lie)

        var error: WorkerError?
        do {
            _ = try executor.filter([request, request], with: chain)
        } catch let failure as WorkerError { error = failure }

        #expect(error == .protocolViolated(reason))
    }

    @Test("gives a child no more images than it may still filter")
    func limitsGroups() throws {
        var executor = try executor(WorkerPrograms.correct, imagesPerWorker: 3)
        try executor.start()
        let first = executor.workerID
        let atFirst = executor.largestGroup
        _ = try executor.filter([request, request], with: chain)
        let then = executor.largestGroup
        _ = try executor.filter(request, with: chain)
        let last = executor.workerID

        #expect(atFirst == 3)
        #expect(then == 1)
        #expect(first != nil)
        #expect(last == nil)
    }

    @Test("takes no second reply for the answer to the next request", arguments: ["twice", "deaf"])
    func refusesSurplusReplies(lie: String) throws {
        var executor = try executor(misbehaving: lie)

        // One that guesses the next number and comes just in time is as good as a reply.
        let isCaught = (1...1000).contains { _ in
            if case .protocolViolated = failure(of: &executor, request) { true } else { false }
        }

        #expect(isCaught)
    }

    @Test(
        "says why a child that is not ready is no worker",
        arguments: [
            ("exit-at-once", "it ended before it was ready, exited with code 3"),
            ("never-ready", "it was not ready within 300 ms, was killed by signal 9 (SIGKILL)"),
            ("another-program", "it is no pixloom-worker, was killed by signal 9 (SIGKILL)"),
        ])
    func saysWhyUnfit(lie: String, reason: String) throws {
        var executor = try executor(misbehaving: lie)
        if lie == "never-ready" { executor.readyNanoseconds = 300_000_000 }

        var error: WorkerError?
        do { try executor.start() } catch let failure { error = failure }

        let path = folder.path("misbehave-\(lie)").description
        #expect(error == .cannotStart(executable: path, reason: reason))
        let id = executor.workerID
        #expect(id == nil)
    }

    @Test("names both versions where they differ")
    func namesVersions() throws {
        var executor = try executor(misbehaving: "wrong-version")

        var error: WorkerError?
        do { try executor.start() } catch let failure { error = failure }

        let text = error?.description ?? ""
        #expect(text.contains("misbehave-wrong-version: it is of version 0.0.1 (wire format 3)"))
        #expect(text.contains("of version \(Release.version) (wire format 3)"))
    }

    @Test("says why a child cannot take over the memory that is shared")
    func saysWhySegmentIsRefused() throws {
        // The largest range of addresses that the parent can reserve once, and the child not at
        // all, since its address space is limited.
        let limited = try folder.addFile(
            "limited",
            Array("#!/bin/sh\nulimit -v 1000000\nexec '\(WorkerPrograms.correct)' \"$@\"\n".utf8))
        try #require(unsafe limited.withCString { unsafe chmod($0, 0o700) } == 0)
        var executor = try ChildProcessExecutor(
            chain: chain, executable: limited.description, byteCountLimit: 1 << 36,
            kind: .anonymous)

        var error: WorkerError?
        do { try executor.start() } catch let failure { error = failure }

        #expect(
            error
                == .cannotStart(
                    executable: limited.description,
                    reason: "it ended before it was ready, exited with code 1: "
                        + "mmap: cannot allocate memory"))
    }

    @Test("believes no time that a child tells")
    func believesNoTimes() throws {
        var executor = try executor(misbehaving: "clock")
        let plan = try request.plan(chain)
        try executor.makeRoom(byteCount: plan.byteCount)
        let before = MonotonicInstant.now

        let run = try #require(
            try executor.run(FilterGroup(request, plan), checkpoint: .none).first)

        #expect(before <= run.start)
        #expect(run.start <= run.end)
        #expect(run.end <= .now)
    }

    @Test("lets no child steer the terminal")
    func cleansReasons() throws {
        var executor = try executor(misbehaving: "escape-sequence")

        let error = failure(of: &executor, request)

        #expect(error?.description == "a\u{FFFD}[2J\u{FFFD}b\u{FFFD}")
    }

    @Test("survives a child that writes over everything, also after its reply")
    func survivesScribbling() throws {
        var executor = try executor(misbehaving: "scribble")

        let layouts = try (1...20).map { _ in try executor.filter(request, with: chain).layout }

        #expect(Set(layouts) == [request.source])
    }

    @Test("leaves its child no way to shrink the memory that it shares")
    func keepsDescriptorFromChild() throws {
        var executor = try executor(misbehaving: "probe")

        let error = failure(of: &executor, request)

        guard case .filterRefused(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.hasPrefix("ftruncate impossible"))
    }

    @Test("has room for long chains, and refuses those that no message holds")
    func sendsLongChains() throws {
        let long = try FilterChain(Array(repeating: "brightness:1.25", count: 1000))
        var executor = try executor(WorkerPrograms.correct, long)
        try executor.start()

        let tooLong = try FilterChain(Array(repeating: "brightness:1.25", count: 4000))
        executor = try self.executor(WorkerPrograms.correct, tooLong)
        var error: WorkerError?
        do { try executor.start() } catch let failure { error = failure }

        let text = error?.description ?? ""
        #expect(text.contains("its first message of 92"))
        #expect(text.contains("message too long"))
    }

    @Test("stops waiting when the run is cancelled")
    func isCancelled() throws {
        var executor = try executor(misbehaving: "spin")
        let plan = try request.plan(chain)
        try executor.makeRoom(byteCount: plan.byteCount)

        var error: WorkerError?
        do {
            _ = try executor.run(FilterGroup(request, plan), checkpoint: .cancelled)
        } catch let failure { error = failure }

        #expect(error == .interrupted(.cancelled))
        let id = executor.workerID
        #expect(id == nil)
    }

    @Test("makes children that the kernel kills first, and that leave no core file")
    func limitsChildren() throws {
        var executor = try executor(WorkerPrograms.correct)
        try executor.start()
        let running = executor.workerID
        let id = try #require(running)

        let limits = try text(ofFile: "/proc/\(id)/limits").split(separator: "\n")
        let core = limits.first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").dropFirst(4) == ["0", "0", "bytes"])
        // 1000 where the tests have it already and may not lower it.
        #expect(["500\n", "1000\n"].contains(try text(ofFile: "/proc/\(id)/oom_score_adj")))
    }

    @Test("keeps no descriptor and no zombie of a hundred children")
    func leaksNothing() async {
        // In a process of its own, since other tests open descriptors at the same time; its own
        // threads may open a few.
        await #expect(processExitsWith: .success) {
            let test = try ChildProcessExecutorTests()
            var executor = try test.executor(misbehaving: "exit")
            _ = try? executor.filter(test.request, with: test.chain)
            let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")

            for _ in 1...100 { _ = try? executor.filter(test.request, with: test.chain) }

            let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            #expect(after.count < before.count + 50)
            #expect(CurrentProcess.childIDs() == [])
        }
    }

    private func executor(
        _ executable: String, _ chain: FilterChain? = nil, imagesPerWorker: Int? = nil
    ) throws -> ChildProcessExecutor {
        signal(SIGPIPE, SIG_IGN)
        return try ChildProcessExecutor(
            chain: chain ?? self.chain, executable: executable, byteCountLimit: 1 << 20,
            kind: .posix, imagesPerWorker: imagesPerWorker)
    }

    private func executor(misbehaving lie: String) throws -> ChildProcessExecutor {
        try executor(try WorkerPrograms.misbehaving(lie, in: folder))
    }

    private func failure(
        of executor: inout ChildProcessExecutor, _ request: FilterRequest,
        withinMilliseconds milliseconds: Int64 = 30_000
    ) -> WorkerError? {
        do {
            _ = try executor.filter(
                request, with: chain, withinMilliseconds: milliseconds)
            return nil
        } catch {
            return error as? WorkerError
        }
    }

    /// Waits until a child has ended, and leaves it to its owner to reap it.
    private func awaitEnd(of id: CInt) throws {
        var ending = unsafe siginfo_t()
        let result = unsafe waitid(P_PID, id_t(id), &ending, WEXITED | WNOWAIT)
        try #require(result == 0)
    }

    private func text(ofFile path: String) throws -> String {
        // Not `String(contentsOfFile:)`: for files in /proc, which report size 0, it stops early.
        let bytes = try #require(try FileHandle(forReadingAtPath: path)?.readToEnd())
        return String(decoding: bytes, as: UTF8.self)
    }
}
