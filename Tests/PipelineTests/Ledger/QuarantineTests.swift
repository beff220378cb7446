import Profiling
import SystemCalls
import TestSupport
import Testing
import Transfer

@testable import Pipeline

@Suite("A quarantine")
struct QuarantineTests {
    @Test("has a copy of each input that failed, and why it did")
    func gathers() throws {
        let folder = try TemporaryFolder()
        try folder.addFile("in/x/a.png", [1, 2, 3])
        let source = Source.found("x/a.png", in: folder.path("in"))
        let failure = ImageFailure(.decode, kind: "malformed", "it is torn")
        let quarantine = try Quarantine(folder.path("failed"), maximumByteCount: 3)

        let error = quarantine.add(ImageOutcome(index: 0, source: source).failed(failure))

        let copy = "failed/\(SourceName(source).hash.hexadecimal)-a.png"
        let path = folder.path("in/x/a.png")
        #expect(error == nil)
        #expect(try folder.bytes(of: copy) == [1, 2, 3])
        #expect(
            String(decoding: try folder.bytes(of: copy + ".txt"), as: UTF8.self)
                == "\(path)\ncannot decode \(path): it is torn\n")
    }

    @Test("has of an input that is too large the reason alone")
    func leavesLargeFile() throws {
        let folder = try TemporaryFolder()
        try folder.addFile("in/a.png", [1, 2, 3])
        let source = Source.found("a.png", in: folder.path("in"))
        let failure = ImageFailure(.fetch, .tooLarge(limit: 2, actual: 3))
        let quarantine = try Quarantine(folder.path("failed"), maximumByteCount: 2)

        let error = quarantine.add(ImageOutcome(index: 0, source: source).failed(failure))

        #expect(error == nil)
        #expect(
            try folder.names().filter { $0.hasPrefix("failed/") }
                == ["failed/\(SourceName(source).hash.hexadecimal)-a.png.txt"])
    }
}
