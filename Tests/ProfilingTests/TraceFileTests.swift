import Foundation
import Profiling
import TestSupport
import Testing

@Suite("A trace")
struct TraceFileTests {
    @Test("keeps the rules of the Trace Event Format", .timeLimit(.minutes(30)))
    func keepsRules() throws {
        let events = try writtenEvents { trace in
            trace.withWriter { writer in
                writer.nameProcess(10, "pixloom")
                writer.nameThread(Track(process: 10, thread: 1), "lane \"0\"")
                writer.writeCounter(
                    "queues", ofProcess: 10, at: moment(50), values: ["fetched": 3, "to store": 1])
                writer.writeInstant(
                    "retry", on: Track(process: 10, thread: 1), at: moment(60), detail: "signal 9")
            }
            recordTwoLanes(to: trace)
        }

        #expect(TraceChecker.violations(of: events) == [])
        #expect(events.count == 4 + 2 * 100 * 4)
    }

    @Test("counts microseconds from the run's beginning")
    func countsMicroseconds() throws {
        let span = TimingSpan(
            .stage(.waitForWorker), on: Track(process: 1, thread: 2), from: moment(1_500),
            to: moment(4_001), byteCount: 77, imageName: "a b.png")
        let event = try #require(try writtenEvents { $0.receive([span]) }.first)

        #expect(event["ph"] as? String == "X")
        #expect(event["name"] as? String == "wait for worker")
        #expect(event["cat"] as? String == "wait")
        #expect(event["ts"] as? Double == 1.5)
        #expect(event["dur"] as? Double == 2.501)
        #expect(event["pid"] as? Int == 1)
        #expect(event["tid"] as? Int == 2)
        #expect((event["args"] as? [String: Any])?["image"] as? String == "a b.png")
        #expect((event["args"] as? [String: Any])?["bytes"] as? Int == 77)
    }

    @Test("has slices that add up to the profile", .timeLimit(.minutes(30)))
    func agreesWithProfile() throws {
        var profile = Profile()
        let events = try writtenEvents { profile = recordTwoLanes(to: $0) }

        let slices = events.filter { $0["name"] as? String == "decode" }
        let microseconds = slices.reduce(0.0) { $0 + ($1["dur"] as? Double ?? 0) }

        #expect(Int64((microseconds * 1000).rounded()) == profile.nanoseconds(in: .decode))
    }

    @Test("says why it could not be written")
    func saysWhyNot() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let trace = TraceFile(descriptor: full.fileDescriptor, began: moment(0))

        let error = #expect(throws: ProfilingError.self) { try trace.finish() }

        #expect(error?.description == "write: no space left on device")
    }

    @Test("takes nothing more once it is finished")
    func isFinished() throws {
        let events = try writtenEvents { trace in
            try trace.finish()
            recordTwoLanes(to: trace)
        }

        #expect(events.isEmpty)
    }

    /// Two lanes that filter 100 images each, with one filter as a part of the stage.
    @discardableResult
    private func recordTwoLanes(to trace: TraceFile) -> Profile {
        var profile = Profile()
        for lane in 0..<Int32(2) {
            var recorder = Recorder(
                forwardingTo: trace, track: Track(process: 10, thread: lane), began: moment(0))
            for image in 0..<Int64(100) {
                let start = image * 100
                recorder.setImage(named: "image \(image).png")
                recorder.record(.decode, from: moment(start), to: moment(start + 33))
                recorder.recordPart(
                    named: "median", from: moment(start + 35), to: moment(start + 60))
                recorder.record(.filter, from: moment(start + 33), to: moment(start + 70))
                recorder.record(.encode, from: moment(start + 70), to: moment(start + 100))
            }
            recorder.flush()
            profile.merge(recorder, role: .lane, name: "lane \(lane)", ended: moment(10_000))
        }
        return profile
    }

    private func writtenEvents(_ body: (TraceFile) throws -> Void) throws -> [[String: Any]] {
        let path = NSTemporaryDirectory() + "pixloom-trace-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        let file = try #require(FileHandle(forWritingAtPath: path))
        let trace = TraceFile(descriptor: file.fileDescriptor, began: moment(0))
        try body(trace)
        try trace.finish()
        try file.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return try #require(try JSONSerialization.jsonObject(with: bytes) as? [[String: Any]])
    }
}
