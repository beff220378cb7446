import Foundation
import Testing

@testable import Filters

@Suite("A vector of powers")
struct VectorExponentialTests {
    /// The power with a factor, of one number.
    private func power(_ factor: Float, _ number: Float) -> Double {
        Double(VectorExponential(factor: factor)(SIMD8(repeating: number))[5])
    }

    @Test(
        "is e to the power, as near as sums of them need",
        arguments: [-1, -0.0008, -300] as [Float])
    func error(factor: Float) {
        for step in 0...2000 {
            let exponent = -Double(step) / 200
            let number = Float(exponent / Double(factor))
            let error = power(factor, number) / exp(Double(number) * Double(factor)) - 1
            #expect(abs(error) <= (exponent >= -7 ? 3.3e-4 : 0.02), "\(exponent)")
        }
    }

    @Test("falls from one to nothing", arguments: [-1, -0.0008, -300, -.infinity] as [Float])
    func monotonic(factor: Float) {
        var last = 1.0
        for step in 0...400 {
            let number = step == 0 ? 0 : pow(10, Float(step) / 20 - 10) / min(-factor, 1)
            let power = power(factor, number)
            #expect(power <= last)
            last = power
        }
        #expect(power(factor, 0) == 1 && last < 1e-13)
    }
}
