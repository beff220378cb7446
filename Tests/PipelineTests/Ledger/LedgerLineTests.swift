import Profiling
import SystemCalls
import Testing

@testable import Pipeline

@Suite("A line of a ledger")
struct LedgerLineTests {
    private let outcome: ImageOutcome = {
        var outcome = ImageOutcome(index: 0, source: .named("a.png"))
        outcome.destination = "out/a.png"
        outcome.identity = SourceIdentity(byteCount: 7, modificationNanoseconds: 8)
        outcome.byteCountOut = 9
        return outcome
    }()

    @Test("is read as it was written, whatever follows its first members")
    func isRead() throws {
        let written = LedgerLine.ended(outcome, recipe: "r")

        let read = try #require(LedgerLine(bytes(of: written, status: "converted")[...]))

        #expect(read.output == StableHash(BytePath("out/a.png").bytes).value)
        #expect(read.made == written.made)
        #expect(read.made != 0)
        #expect(!read.isFailed)
    }

    @Test("tells a failure")
    func tellsFailure() throws {
        let line = LedgerLine.ended(outcome, recipe: "r")

        #expect(LedgerLine(bytes(of: line, status: "failed")[...])?.isFailed == true)
    }

    @Test("is nothing where it is torn, at every byte")
    func isTorn() {
        let whole = bytes(of: .prepared(outcome), status: "prepared")

        for count in 0..<whole.count { #expect(LedgerLine(whole[..<count]) == nil) }
    }

    @Test("is nothing where its digits are none")
    func hasNoDigits() {
        let line =
            #"{"output":"000000000000000g","input":"0000000000000000","made":"#
            + #""0000000000000000","status":"converted"}"#

        #expect(LedgerLine(Array(line.utf8)[...]) == nil)
    }

    @Test("tells what an output was made from: source, its state, recipe and size")
    func tellsWhatItWasMadeFrom() {
        let state = SourceIdentity(byteCount: 7, modificationNanoseconds: 8)
        let newer = SourceIdentity(byteCount: 7, modificationNanoseconds: 9)
        let variants = [
            LedgerLine.madeFrom(.named("a"), state, recipe: "r", outputByteCount: 1),
            LedgerLine.madeFrom(.named("b"), state, recipe: "r", outputByteCount: 1),
            LedgerLine.madeFrom(.named("a"), newer, recipe: "r", outputByteCount: 1),
            LedgerLine.madeFrom(.named("a"), state, recipe: "s", outputByteCount: 1),
            LedgerLine.madeFrom(.named("a"), state, recipe: "r", outputByteCount: 2),
        ]

        #expect(Set(variants).count == variants.count)
    }

    private func bytes(of line: LedgerLine, status: String) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        line.write(to: &json)
        json.pair("status", status)
        json.pair("more", "text")
        json.endObject()
        return json.bytes
    }
}
