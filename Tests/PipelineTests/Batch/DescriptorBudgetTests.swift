import Pipeline
import Testing

@Suite("A budget of descriptors")
struct DescriptorBudgetTests {
    @Test("leaves a run alone that fits")
    func leavesAlone() throws {
        var settings = settings(jobs: 2, ioJobs: 4)

        try DescriptorBudget.fit(&settings, into: 64)

        #expect(settings.ioJobs == 4)
    }

    @Test("lowers the number of I/O threads of one that does not")
    func lowers() throws {
        var settings = settings(jobs: 2, ioJobs: 32)

        try DescriptorBudget.fit(&settings, into: 64)

        #expect(settings.ioJobs == 6)
    }

    @Test("lets outputs wait as open files as far as descriptors are left")
    func leavesOutputsOpen() throws {
        var few = settings(jobs: 2, ioJobs: 4)
        var many = few

        #expect(try DescriptorBudget.fit(&few, into: 64) == 64)
        #expect(try DescriptorBudget.fit(&many, into: 1 << 20) == 2056)

        #expect(few.openOutputCount == 8)
        #expect(many.openOutputCount == 2000)
    }

    @Test("tells how many are needed where none are enough")
    func tellsShortage() {
        var settings = settings(jobs: 16, ioJobs: 4)

        #expect(throws: DescriptorBudget.Shortage.self) {
            try DescriptorBudget.fit(&settings, into: 64)
        }
        do {
            try DescriptorBudget.fit(&settings, into: 64)
        } catch {
            #expect(
                "\(error)" == "cannot open enough files: 100 descriptors needed, 64 allowed; "
                    + "lower --jobs or raise the limit with ulimit -n")
        }
    }

    private func settings(jobs: Int, ioJobs: Int) -> RunSettings {
        RunSettings(
            jobs: jobs, ioJobs: ioJobs, memoryByteCount: 1 << 30, workerExecutable: "/worker")
    }
}
