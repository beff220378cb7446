import Profiling
import Testing

@testable import Pipeline

@Suite("The control of a run")
struct RunControlTests {
    private let control = RunControl()

    @Test("lets the run go on at first")
    func begins() {
        #expect(!control.isDraining)
        #expect(!control.cancellation.isSet)
        #expect(control.endingReason == nil)
    }

    @Test("that drains leaves the work in hand alone")
    func drains() {
        control.drain(.signal(15))

        #expect(control.isDraining)
        #expect(!control.cancellation.isSet)
        #expect(control.endingReason == .signal(15))
    }

    @Test("that cancels stops the work in hand too")
    func cancels() {
        control.cancel(.noSpace)

        #expect(control.isDraining)
        #expect(control.cancellation.isSet)
        #expect(control.endingReason == .noSpace)
    }

    @Test("that is to cancel after a while returns at once, and leaves the work in hand alone")
    func returnsBeforeGracePeriod() {
        control.cancelAfterGracePeriod()

        #expect(!control.cancellation.isSet)
    }

    @Test("keeps the first reason")
    func keepsFirstReason() {
        control.drain(.firstError)
        control.cancel(.signal(2))

        #expect(control.endingReason == .firstError)
    }
}
