import Foundation
import Profiling
import Testing

/// Opens reports in a real browser; skipped where no Chromium is installed.
@Suite(
    "A report in a browser",
    .enabled(if: Browser.path != nil, "no chromium in the search path"), .timeLimit(.minutes(30)))
struct ReportInBrowserTests {
    /// The pages of a run, of one of the runs of a ledger, and of a comparison.
    private static var pages: [String: String] {
        var reader = LedgerReader()
        for number in 1...40 {
            let line = """
                {"source":"\(number).png","status":"converted","run":"\(number % 3)","lane":0,\
                "start":\(number),"stages":{"decode":\(number)000000}}
                """
            reader.add(Array(line.utf8)[...])
        }
        return [
            "run": Report(SampleRun().data).page,
            "ledger": Report(reader.data(command: "ledger.ndjson")).page,
            "comparison": comparison(threads: [82, 80, 81], processes: [79, 81, 78]).page(
                command: "pixloom compare in", date: "", machine: [.init("cores", "2")]),
        ]
    }

    @Test(
        "is shown without a word on the console, light and dark",
        arguments: pages.keys.sorted(), [false, true])
    func isSilent(name: String, isDark: Bool) throws {
        let page = try #require(Self.pages[name])

        let shown = try Browser.show(page, width: 1200, isDark: isDark)

        #expect(shown.console == [])
        #expect(shown.document.contains("</main>"))
    }

    @Test("is dark where the person wants that, and light elsewhere", arguments: [false, true])
    func followsScheme(isDark: Bool) throws {
        let script = """
            <iframe id="frame" srcdoc="\(escaped(Report(SampleRun().data).page))"></iframe>
            <script>
            onload = () => {
                const ground = getComputedStyle(frame.contentDocument.body).backgroundColor
                document.title = "ground " + ground
            }
            </script>
            """

        let document = try Browser.show(script, width: 1200, isDark: isDark).document

        #expect(
            document.contains(
                "<title>ground rgb(\(isDark ? "21, 23, 26" : "253, 253, 252"))</title>"))
    }

    @Test("is no wider than the screen", arguments: [320, 390, 1200])
    func fitsScreen(width: Int) throws {
        var data = SampleRun(
            lanes: 40, imageCount: 400,
            names: { _ in
                String(repeating: "longname", count: 30) + ".png"
            }
        ).data
        data.settings.append(.init("filters", String(repeating: "median:3", count: 50)))
        let frame = """
            <iframe id="frame" style="border: 0; width: \(width)px; height: 900px"
            srcdoc="\(escaped(Report(data).page))"></iframe>
            <script>
            onload = () => {
                const page = frame.contentDocument.documentElement
                document.title = page.querySelectorAll("svg").length > 20
                    ? page.scrollWidth - page.clientWidth + " too wide" : "not shown"
            }
            </script>
            """

        let document = try Browser.show(frame, width: 1400).document

        #expect(document.contains("<title>0 too wide</title>"))
    }

    private func escaped(_ page: String) -> String {
        page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    }
}

/// A headless Chromium.
private enum Browser {
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .flatMap { ["\($0)/chromium", "\($0)/google-chrome"] }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Opens the page in a fresh profile.
    static func show(
        _ page: String, width: Int, isDark: Bool = false
    ) throws -> (document: String, console: [String]) {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("pixloom-browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("report.html")
        let log = folder.appendingPathComponent("log")
        try Data(page.utf8).write(to: file)
        try Data().write(to: log)

        let browser = Process()
        browser.executableURL = URL(fileURLWithPath: try #require(path))
        browser.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--enable-logging=stderr",
            "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
            "--user-data-dir=\(folder.path)/profile", "--window-size=\(width),900", "--dump-dom",
            file.absoluteString,
        ]
        let output = Pipe()
        browser.standardOutput = output
        browser.standardError = try FileHandle(forWritingTo: log)
        try browser.run()
        let document = try output.fileHandleForReading.readToEnd() ?? Data()
        browser.waitUntilExit()

        let lines = String(decoding: try Data(contentsOf: log), as: UTF8.self).split(
            separator: "\n")
        return (
            String(decoding: document, as: UTF8.self),
            lines.filter { $0.contains("CONSOLE") }.map(String.init)
        )
    }
}
