import Profiling
import SystemCalls
import TestSupport
import Testing

@testable import Pipeline

@Suite("A quarantine")
struct QuarantineTests {
    @Test("has a copy of each input that failed, and why it did")
    func gathers() throws {
        let folder = try TemporaryFolder()
        try folder.addFile("in/x/a.png", [1, 2, 3])
        let source = Source.found("x/a.png", in: folder.path("in"))
        let failure = ImageFailure(.decode, kind: "malformed", "it is torn")
        let quarantine = try Quarantine(folder.path("failed"))

        let error = quarantine.add(ImageOutcome(index: 0, source: source).failed(failure))

        let copy = "failed/\(SourceName(source).hash.hexadecimal)-a.png"
        let path = folder.path("in/x/a.png")
        #expect(error == nil)
        #expect(try folder.bytes(of: copy) == [1, 2, 3])
        #expect(
            String(decoding: try folder.bytes(of: copy + ".txt"), as: UTF8.self)
                == "\(path)\ncannot decode \(path): it is torn\n")
    }
}
