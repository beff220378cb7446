import Foundation
import FoundationXML
import Testing

@testable import Profiling

@Suite("A report")
struct ReportTests {
    @Test("is well formed, whatever the images are called", arguments: ReportTests.runs)
    func isWellFormed(run: SampleRun) {
        let body = Report(run.data).page.replacing("<!DOCTYPE html>", with: "")
        let parser = XMLParser(data: Data(body.utf8))

        #expect(parser.parse(), "\(String(describing: parser.parserError))")
    }

    @Test("needs neither a script nor anything from elsewhere", arguments: ReportTests.runs)
    func isSelfContained(run: SampleRun) {
        let page = Report(run.data).page

        #expect(page.contains("default-src 'none'"))
        for needle in [
            "<script", "javascript:", "http://", "https://", " onload", "@import", "url(",
        ] {
            #expect(!page.contains(needle), "\(needle)")
        }
    }

    @Test("says what failed and why")
    func namesFailures() {
        let page = Report(SampleRun().data).page

        #expect(page.contains(">3 failed</a>"))
        #expect(page.contains("photos-png/broken/&lt;b&gt;0&lt;/b&gt; &amp; &quot;co&quot;.png"))
        #expect(page.contains("chunk IDAT is truncated: 8192 bytes announced, 5120 present"))
    }

    @Test("shows the verdict and the numbers of the profile")
    func showsNumbers() throws {
        let data = SampleRun().data
        let page = Report(data).page
        let encode = try #require(data.profile.stages.first { $0.stage == .encode })

        #expect(page.contains("Encode binds".dropFirst()))
        #expect(page.contains(Quantity.percent(encode.share, digits: 1)))
        #expect(page.contains(Quantity.duration(nanoseconds: encode.durations.total)))
        #expect(page.contains("IMG_4040.png"))
    }

    @Test("leaves out what it does not know")
    func leavesOut() {
        let page = Report(
            ReportData(command: "pixloom", counts: OutcomeCounts(), wallNanoseconds: 0)
        ).page

        #expect(page.contains("0 images converted"))
        #expect(page.contains("No image failed."))
        for heading in ["Where the time went", "Lanes over time", "Throughput", "Machine"] {
            #expect(!page.contains(heading), "\(heading)")
        }
    }

    @Test("survives a ledger that makes no sense", arguments: [Int64.min, -1, 0, 1, .max])
    func survivesNonsense(nonsense: Int64) {
        var data = SampleRun().data
        data.wallNanoseconds = nonsense
        data.processorNanoseconds = nonsense
        data.peakMemoryByteCount = nonsense
        for _ in 0..<100 {
            var image = ReportedImage(source: "a.png")
            image.stages = [(.decode, nonsense), (.encode, nonsense)]
            image.byteCountIn = nonsense
            image.byteCountOut = nonsense
            data.history.add(image, endedAt: 5)
        }

        #expect(Report(data).page.hasSuffix("</html>\n"))
    }

    @Test("shows the first lanes of many and says so")
    func manyLanes() {
        let page = Report(SampleRun(lanes: 40, imageCount: 80).data).page

        #expect(page.contains(">lane 31</text>"))
        #expect(!page.contains(">lane 32</text>"))
        #expect(page.contains("The first 32 of 40 lanes."))
    }

    static let runs = [
        SampleRun(), SampleRun(lanes: 1, imageCount: 1, failedCount: 0),
        SampleRun(lanes: 40, imageCount: 400, failedCount: 250), SampleRun(imageCount: 0),
        SampleRun(names: { _ in "</title><img src=x onerror=a()>\u{0}\u{1B}[31m & \u{202E}.png" }),
    ]
}
