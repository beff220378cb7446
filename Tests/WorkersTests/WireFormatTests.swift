import Filters
import Images
import Profiling
import Testing

@testable import Workers

@Suite("The wire format")
struct WireFormatTests {
    @Test("brings every message over", arguments: Message.allCases)
    func roundTrip(message: Message) {
        #expect(message.decoded(message.bytes) == message.value)
    }

    @Test("refuses every message that is cut off", arguments: Message.allCases)
    func refusesTruncation(message: Message) {
        let prefixes = message.bytes.indices.map { Array(message.bytes[..<$0]) }

        #expect(prefixes.allSatisfy { message.decoded($0) == nil })
    }

    @Test("refuses messages with something behind them", arguments: Message.allCases)
    func refusesTrailingBytes(message: Message) {
        // Only `Ready` is open: a later release may say more, and is then refused by its number.
        #expect((message.decoded(message.bytes + [0]) == nil) == (message != .ready))
    }

    @Test("never takes a changed message for the original", arguments: Message.allCases)
    func noticesChanges(message: Message) {
        let changed = message.bytes.indices.flatMap { index in
            (0..<8).map { bit in
                var bytes = message.bytes
                bytes[index] ^= 1 << bit
                return bytes
            }
        }

        #expect(changed.allSatisfy { message.decoded($0) != message.value })
    }

    @Test("keeps a worker's reason short")
    func cutsReasons() {
        let long = String(repeating: "ä", count: 100_000)

        let bytes = WireFormat.Reply.refused(number: 1, reason: long).encoded()

        #expect(bytes.count <= WireFormat.largestMessage)
        guard case .refused(1, let reason) = WireFormat.Reply(bytes) else {
            Issue.record("the cut reason cannot be read")
            return
        }
        #expect(long.hasPrefix(reason))
    }

    @Test("has room for the largest group with as many steps as may be told")
    func holdsLargestGroup() {
        let count = FilterGroup.largestCount
        let stepCount = WireFormat.largestStepCount / count
        let requests = WireFormat.NumberedRequests(
            number: 1, requests: Array(repeating: Message.request(.topLeft), count: count))
        let reply = WireFormat.Reply.finished(
            number: 1, Array(repeating: Message.run(steps: stepCount), count: count))

        #expect(requests.encoded().count <= WireFormat.largestMessage)
        #expect(reply.encoded().count <= WireFormat.largestMessage)
        #expect(WireFormat.Reply(reply.encoded()) == reply)
    }

    @Test("refuses groups of no image, and of more than there may be")
    func refusesOtherCounts() {
        for count in [0, FilterGroup.largestCount + 1] {
            let requests = WireFormat.NumberedRequests(
                number: 1, requests: Array(repeating: Message.request(.topLeft), count: count))
            let reply = WireFormat.Reply.finished(
                number: 1, Array(repeating: Message.run(steps: 0), count: count))

            #expect(WireFormat.NumberedRequests(requests.encoded()) == nil)
            #expect(WireFormat.Reply(reply.encoded()) == nil)
        }
    }

    @Test("refuses times that run backwards")
    func refusesBackwardTimes() throws {
        let layout = try PixelLayout.testing(width: 2, height: 2)
        let run = FilterRun(
            result: layout, start: MonotonicInstant(nanoseconds: 2),
            end: MonotonicInstant(nanoseconds: 1))

        #expect(WireFormat.Reply(WireFormat.Reply.finished(number: 1, [run]).encoded()) == nil)
    }
}

/// One message of each kind.
enum Message: CaseIterable, CustomTestStringConvertible {
    case ready, opening, request, finished, refused

    var testDescription: String { "\(self)" }

    var bytes: [UInt8] {
        switch self {
        case .ready: WireFormat.Ready().encoded()
        case .opening:
            WireFormat.Opening(
                reservedByteCount: 1 << 33, isLinear: true, filters: ["resize:50%", "", "übung"]
            ).encoded()
        case .request:
            WireFormat.NumberedRequests(
                number: .max - 1, requests: [Self.request(.rightTop), Self.request(.topLeft)]
            ).encoded()
        case .finished:
            WireFormat.Reply.finished(
                number: 7, [Self.run(steps: 0), Self.run(steps: 3)]
            ).encoded()
        case .refused: WireFormat.Reply.refused(number: 7, reason: "crop: ätsch").encoded()
        }
    }

    var value: AnyHashable? { decoded(bytes) }

    func decoded(_ bytes: [UInt8]) -> AnyHashable? {
        switch self {
        case .ready: WireFormat.Ready(bytes).map(AnyHashable.init)
        case .opening: WireFormat.Opening(bytes).map(AnyHashable.init)
        case .request: WireFormat.NumberedRequests(bytes).map(AnyHashable.init)
        case .finished, .refused: WireFormat.Reply(bytes).map(AnyHashable.init)
        }
    }

    static func request(_ orientation: Orientation) -> FilterRequest {
        FilterRequest(
            source: layout, orientation: orientation, originalSize: layout.size,
            resultFormat: .rgb8, background: .white, pixelLimit: 1 << 28)
    }

    static func run(steps count: Int) -> FilterRun {
        let steps = (0..<count).map {
            FilterRun.Step(filterIndex: $0, end: MonotonicInstant(nanoseconds: 6 + Int64($0)))
        }
        return FilterRun(
            result: layout, start: MonotonicInstant(nanoseconds: 5),
            end: MonotonicInstant(nanoseconds: 1 << 40), steps: steps)
    }

    private static var layout: PixelLayout {
        guard let size = ImageSize(width: 7, height: 5),
            let layout = PixelLayout(size: size, format: .rgba16)
        else { preconditionFailure("7×5 pixels are a size") }
        return layout
    }
}
