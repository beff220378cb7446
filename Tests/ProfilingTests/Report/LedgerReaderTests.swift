import Foundation
import Testing

@testable import Profiling

@Suite("A reader of ledgers")
struct LedgerReaderTests {
    private let image = """
        {"source":"a.png","destination":"a.png","status":"converted","sourceWidth":40,\
        "sourceHeight":30,"bytesIn":1000,"bytesOut":300,"attempts":2,"lane":1,"start":0.5,\
        "stages":{"fetch":1000000,"decode":2000000,"filter":3000000,"encode":4000000,\
        "store":500000,"waitForWorker":250000},"later":{"x":[1]}}
        """

    @Test("takes what a line tells of an image")
    func takesImage() throws {
        let data = read([image]).data(command: "ledger")
        let slowest = try #require(data.history.slowest.first)

        #expect(data.counts.converted == 1)
        #expect(data.wallNanoseconds == 510_750_000)
        #expect(slowest.source == "a.png" && slowest.size == "40×30" && slowest.attempts == 2)
        #expect(slowest.nanoseconds == 10_500_000)
        #expect(slowest.byteCountIn == 1000 && slowest.byteCountOut == 300)
        #expect(data.history.lanes.map(\.name) == ["lane 0", "lane 1"])
    }

    @Test("puts the images of a lane one after the other")
    func placesLanes() throws {
        let bins = try #require(read([image, image]).data(command: "").history.lanes.last?.bins)
        let decode = (0..<TimeBins.capacity).map {
            bins.amount(inBin: $0, channel: Int(Stage.decode.rawValue))
        }

        #expect(decode.reduce(0, +) == 4_000_000)
        #expect(decode.allSatisfy { $0 <= bins.width })
    }

    @Test("takes the reason of a failure, or says that there is none")
    func takesFailures() {
        let history = read([
            #"{"source":"b.png","status":"failed","error":{"kind":"malformed","message":"cut"}}"#,
            #"{"source":"c.png","status":"failed"}"#,
        ]).data(command: "").history

        #expect(history.failed.map(\.failure) == ["cut", "the ledger has no reason"])
    }

    @Test("takes the numbers of the whole run from its summary")
    func takesSummary() {
        let data = read([
            image,
            #"{"summary":{"wallSeconds":2.5,"cpuSeconds":4,"peakMemoryBytes":7,"mode":"threads"}}"#,
        ]).data(command: "")

        #expect(data.wallNanoseconds == 2_500_000_000)
        #expect(data.processorNanoseconds == 4_000_000_000)
        #expect(data.peakMemoryByteCount == 7)
        #expect(data.settings.map(\.value) == ["threads"])
    }

    @Test("counts what is up to date or skipped, and passes over what tells of no image")
    func passesOver() {
        let reader = read([
            #"{"source":"a","status":"up-to-date"}"#, #"{"source":"a","status":"skipped"}"#,
            #"{"ledger":1}"#, "", "not JSON", #"{"source":"torn","stat"#,
        ])

        #expect(reader.imageCount == 2)
        #expect(reader.brokenLineCount == 2)
        #expect(reader.data(command: "").counts.upToDate == 1)
    }

    @Test(
        "survives numbers that make no sense",
        arguments: ["-1", "1e308", "9223372036854775807", "-9223372036854775808", "null", "\"x\""])
    func survivesNonsense(number: String) {
        let line = """
            {"source":"a","status":"converted","start":\(number),"lane":\(number),\
            "bytesIn":\(number),"sourceWidth":\(number),"sourceHeight":\(number),\
            "stages":{"decode":\(number),"fetch":\(number)}}
            """
        let data = read([line, line]).data(command: "")

        #expect(data.counts.converted == 2)
        #expect(Report(data).page.hasSuffix("</html>\n"))
    }

    private func read(_ lines: [String]) -> LedgerReader {
        var reader = LedgerReader()
        for line in lines { reader.add(Array(line.utf8)[...]) }
        return reader
    }
}
