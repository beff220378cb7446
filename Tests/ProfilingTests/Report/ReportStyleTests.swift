import Foundation
import Testing

@testable import Profiling

@Suite("The style of a report")
struct ReportStyleTests {
    /// WCAG 2.2, success criterion 1.4.3: small text has a contrast of 4.5 to 1 at least.
    @Test(
        "has text that can be read on its ground, light and dark",
        arguments: ["ink", "muted", "bad"], [0, 1])
    func contrast(name: String, scheme: Int) throws {
        let text = try luminance(name, scheme)
        let ground = try luminance("ground", scheme)

        #expect((max(text, ground) + 0.05) / (min(text, ground) + 0.05) >= 4.5)
    }

    /// Relative luminance as WCAG defines it, from 0 to 1.
    private func luminance(_ name: String, _ scheme: Int) throws -> Double {
        let values = reportStyle.text.matches(of: try Regex("--\(name): #([0-9a-f]{6})"))
        let digits = try #require(values.count == 2 ? values[scheme].output[1].substring : nil)
        let color = try #require(Int(digits, radix: 16))
        let channels = [16, 8, 0].map { shift -> Double in
            let value = Double(color >> shift & 255) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }
}
