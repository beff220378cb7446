import Foundation
import Testing

@testable import SystemCalls

@Suite("A machine")
struct MachineTests {
    @Test(
        "has as many processors for this process as its control group allows",
        arguments: [
            (64, 2.0, 2), (64, 1.5, 2), (64, 0.1, 1), (2, 8.0, 2), (4, nil, 4),
        ] as [(Int, Double?, Int)])
    func allowsProcessors(count: Int, quota: Double?, allowed: Int) {
        #expect(Machine.allowedProcessorCount(of: count, quota: quota) == allowed)
    }

    @Test("has room for descriptors that were reserved, and none of them open")
    func reservesDescriptors() throws {
        Machine.reserveDescriptors(300)

        let file = try #require(FileHandle(forReadingAtPath: "/proc/self/status"))
        let status = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        let size = try #require(status.firstMatch(of: /FDSize:\t([0-9]+)/)?.1)
        #expect(try #require(Int(size)) >= 300)
        #expect(fcntl(299, F_GETFD) == -1)
    }
}
