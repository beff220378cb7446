import Profiling
import Testing

@testable import Transfer

@Suite(
    "A downloader of a build without libcurl",
    .enabled(if: Downloader.libraryVersion == nil, "this build has libcurl"))
struct MissingDownloaderTests {
    @Test("says what is missing")
    func saysWhatIsMissing() throws {
        var downloader = Downloader(limits: DownloadLimits(), cancellation: Cancellation())

        do throws(TransferError) {
            _ = try downloader.fetch("https://example.org/a.png")
            Issue.record("nothing can be fetched")
        } catch {
            #expect(error == .libraryMissing("libcurl"))
        }
    }
}
