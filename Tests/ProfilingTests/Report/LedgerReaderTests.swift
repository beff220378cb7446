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

    private let twoRuns = [
        #"{"run":"aa01","mode":"threads","jobs":2,"began":1764000000}"#,
        #"{"source":"a","status":"converted","run":"aa01","start":1,"stages":{"decode":5}}"#,
        #"{"run":"bb02","mode":"processes","jobs":1,"began":1764003600}"#,
        #"{"source":"b","status":"converted","run":"bb02","start":3,"stages":{"decode":5}}"#,
        #"{"source":"c","status":"failed","run":"aa01","start":2}"#,
    ]

    @Test("survives numbers that no image has", arguments: [Int64.max, -1, .min])
    func survivesNonsense(number: Int64) {
        let lines = (0..<100).map {
            """
            {"source":"a","status":"converted","bytesIn":\(number),"bytesOut":\(number),\
            "attempts":\(number),"lane":0,"start":\($0),"stages":{"decode":\(number)}}
            """
        }

        let page = Report(read(lines).data(command: "")).page

        #expect(page.contains("100 images converted"))
    }

    @Test("tells runs apart, and takes the last one that began")
    func takesLastRun() {
        let data = read(twoRuns).data(command: "")

        #expect(data.counts.converted == 1)
        #expect(data.counts.failed == 0)
        #expect(data.history.slowest.map(\.source) == ["b"])
        #expect(data.wallNanoseconds == 3_000_000_005)
        #expect(data.date == "2025-11-24 17:00 UTC")
        #expect(data.settings.map(\.value) == ["processes", "1"])
    }

    @Test("takes the run that is wanted, and counts the images of all", arguments: ["aa01", "a"])
    func takesWantedRun(run: String) {
        let reader = read(twoRuns, run: run)
        let data = reader.data(command: "")

        #expect(data.history.slowest.map(\.source) == ["a"])
        #expect(data.history.failed.map(\.source) == ["c"])
        #expect(data.wallNanoseconds == 2_000_000_000)
        #expect(reader.runs.map(\.convertedCount) == [1, 1])
        #expect(reader.runs.map(\.failedCount) == [1, 0])
    }

    @Test("knows when there is no such run")
    func missesRun() {
        let reader = read(twoRuns, run: "c")

        #expect(!reader.hasFoundRun)
        #expect(reader.imageCount == 3)
    }

    @Test("lists the runs on the page only if there are several")
    func listsRuns() {
        let one = Report(read([image]).data(command: "")).page
        let two = Report(read(twoRuns).data(command: "")).page

        #expect(!one.contains("Runs of this ledger"))
        #expect(two.contains("<b>bb02</b>, this page"))
        #expect(two.contains("2025-11-24 16:00 UTC"))
    }

    private func read(_ lines: [String], run: String? = nil) -> LedgerReader {
        var reader = LedgerReader(run: run)
        for line in lines { reader.add(Array(line.utf8)[...]) }
        return reader
    }
}
