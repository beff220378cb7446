import Profiling
import Testing

@Suite("A profile's verdict")
struct ProfileVerdictTests {
    @Test("names too few I/O threads where one cannot feed the lanes")
    func tooFewIOThreads() {
        var profile = Profile()
        for _ in 0..<2 {
            profile.add(
                .lane, [Step(.waitForFetched, 80 * millisecond, count: 50), Step(.decode, second)])
        }
        profile.add(.io, [Step(.fetch, 50 * millisecond, count: 98), Step(.waitForSource, 100)])

        let verdict = profile.verdict(context: context(jobs: 2, ioJobs: 1))

        #expect(verdict.bottleneck == .ioThreads)
        #expect(
            verdict.sentence == """
                too few I/O threads: 1 I/O thread fetches 100 % of the time while lanes wait for \
                images 80 % of their time: --io-jobs 4, for at most 4.0 × the images/s
                """)
    }

    @Test("names the network where many I/O threads still leave the lanes idle")
    func slowNetwork() {
        var profile = Profile()
        profile.add(.lane, [Step(.waitForFetched, 9 * second), Step(.decode, second)])
        for _ in 0..<32 {
            profile.add(.io, [Step(.fetch, 2 * second, count: 5, byteCount: 250_000)])
        }
        var context = context(jobs: 1, ioJobs: 32)
        context.hasURLs = true

        let verdict = profile.verdict(context: context)

        #expect(verdict.bottleneck == .network)
        #expect(
            verdict.sentence == """
                the network binds (32 I/O threads fetch 4.00 MB/s together, lanes wait for images \
                90 % of their time): a faster server or line, or --io-jobs 64, for at most 10 × \
                the images/s
                """)
    }

    @Test("names the disk where enough I/O threads read it and lanes are idle")
    func slowDisk() {
        var profile = Profile()
        profile.add(.lane, [Step(.waitForFetched, 6 * second), Step(.decode, 4 * second)])
        for _ in 0..<4 { profile.add(.io, [Step(.fetch, 10 * second)]) }

        let verdict = profile.verdict(context: context(jobs: 1, ioJobs: 4))

        #expect(verdict.bottleneck == .disk)
        #expect(verdict.gain.map { ($0 * 10).rounded() } == 25)
    }

    @Test("names the source where I/O threads wait for the next input")
    func slowSource() {
        var profile = Profile()
        profile.add(.lane, [Step(.waitForFetched, 6 * second), Step(.decode, 4 * second)])
        profile.add(.io, [Step(.fetch, second), Step(.waitForSource, 9 * second)])

        #expect(profile.verdict(context: context(jobs: 1)).bottleneck == .source)
    }

    @Test("names the destination where encoded images cannot be written")
    func slowDestination() {
        var profile = Profile()
        profile.add(.lane, [Step(.waitForStore, 5 * second), Step(.encode, 5 * second)])
        profile.add(.storer, [Step(.store, 10 * second)])

        let verdict = profile.verdict(context: context(jobs: 1))

        #expect(verdict.bottleneck == .destination)
        #expect(
            verdict.sentence == """
                the destination binds (lanes wait for it 50 % of their time): a faster disk to \
                write to, for at most 2.0 × the images/s
                """)
    }

    @Test(
        "names the memory budget where lanes or I/O threads wait for room",
        arguments: [true, false])
    func smallMemory(lanesWait: Bool) {
        var profile = Profile()
        let idle = lanesWait ? Stage.waitForMemory : .waitForFetched
        profile.add(.lane, [Step(idle, 5 * second), Step(.decode, 5 * second)])
        profile.add(.io, [Step(.fetch, second), Step(.waitForMemory, 9 * second)])

        #expect(profile.verdict(context: context(jobs: 1)).bottleneck == .memory)
    }

    @Test("names the destination where I/O threads that store have no time to fetch")
    func slowDestinationOfSharedThreads() {
        var profile = Profile()
        profile.add(.lane, [Step(.waitForFetched, 5 * second), Step(.encode, 5 * second)])
        for _ in 0..<4 { profile.add(.io, [Step(.fetch, second), Step(.store, 9 * second)]) }

        #expect(profile.verdict(context: context(jobs: 1)).bottleneck == .destination)
    }

    @Test("names too few I/O threads where one has to store everything")
    func tooFewStorers() {
        var profile = Profile()
        profile.add(.lane, [Step(.waitForStore, 5 * second), Step(.encode, 5 * second)])
        profile.add(.io, [Step(.fetch, second), Step(.store, 9 * second)])

        #expect(profile.verdict(context: context(jobs: 1, ioJobs: 1)).bottleneck == .ioThreads)
    }

    @Test("names too few lanes where they are busy and cores are left")
    func tooFewLanes() {
        var profile = Profile()
        profile.add(.lane, [Step(.decode, 4 * second), Step(.encode, 6 * second)])
        profile.add(.io, [Step(.fetch, second), Step(.waitForLane, 9 * second)])

        let verdict = profile.verdict(context: context(jobs: 1, cores: 4))

        #expect(verdict.bottleneck == .lanes)
        #expect(
            verdict.sentence == """
                too few lanes: 1 lane for 4 cores, lanes are never idle: -j 4, for at most 4.0 × \
                the images/s
                """)
    }

    @Test("bounds the gain of more lanes by what the I/O threads can still fetch")
    func boundsGainByIO() {
        var profile = Profile()
        profile.add(.lane, [Step(.decode, 10 * second)])
        profile.add(.io, [Step(.fetch, 5 * second), Step(.waitForLane, 5 * second)])

        #expect(profile.verdict(context: context(jobs: 1, cores: 64)).gain == 2)
    }

    @Test("names encode and its cheaper setting")
    func slowEncode() {
        var profile = Profile()
        profile.add(
            .lane,
            [Step(.decode, 2 * second), Step(.filter, 2 * second), Step(.encode, 6 * second)])
        var context = context(jobs: 1)
        context.cheaperEncoding = "--png-effort fast"

        let verdict = profile.verdict(context: context)

        #expect(verdict.bottleneck == .encode)
        #expect(
            verdict.sentence == """
                encode binds (60 % of busy time); lanes are never idle: more cores or --png-effort \
                fast, for at most 2.5 × the images/s
                """)
    }

    @Test("names decode where nothing but cores would help")
    func slowDecode() {
        var profile = Profile()
        profile.add(
            .lane,
            [Step(.decode, 7 * second), Step(.encode, 2 * second), Step(.waitForFetched, second)])

        let verdict = profile.verdict(context: context(jobs: 1))

        #expect(verdict.bottleneck == .decode)
        #expect(
            verdict.sentence
                == "decode binds (78 % of busy time); lanes are idle 10 % of their time: more cores"
        )
    }

    @Test("names the costliest filter of the chain")
    func slowFilter() {
        var profile = Profile()
        var recorder = Recorder(began: moment(0))
        recorder.record(.decode, from: moment(0), to: moment(2 * second))
        recorder.recordPart(named: "resize", from: moment(2 * second), to: moment(3 * second))
        recorder.recordPart(named: "median", from: moment(3 * second), to: moment(10 * second))
        recorder.record(.filter, from: moment(2 * second), to: moment(10 * second))
        profile.merge(recorder, role: .lane, name: "lane 0", ended: moment(10 * second))
        var context = context(jobs: 1)
        context.filterRemedies["median"] = "a smaller radius"

        let verdict = profile.verdict(context: context)

        #expect(verdict.bottleneck == .filter("median"))
        #expect(
            verdict.sentence == """
                median binds (70 % of busy time); lanes are never idle: more cores or a smaller \
                radius, for at most 3.3 × the images/s
                """)
    }

    @Test("names the way to the workers where messages take longer than the work")
    func slowWorker() {
        var profile = Profile()
        profile.add(
            .lane,
            [Step(.decode, second), Step(.filter, second), Step(.waitForWorker, 2 * second)])

        let verdict = profile.verdict(context: context(jobs: 1))

        #expect(verdict.bottleneck == .worker)
        #expect(verdict.sentence.contains("--mode threads, for at most 2.0 ×"))
    }

    @Test("does not blame the disk for a batch of few images")
    func fewImages() {
        var profile = Profile()
        profile.add(.lane, [Step(.decode, second)])
        profile.add(.lane, [Step(.waitForFetched, second)])
        profile.add(.io, [Step(.fetch, 1_000)])

        let verdict = profile.verdict(context: context(jobs: 2, imageCount: 1))

        #expect(verdict.bottleneck == .fewImages)
        #expect(verdict.sentence == "1 image is too few to keep 2 lanes busy")
    }

    @Test("says that nothing binds where nothing was done")
    func nothing() {
        #expect(Profile().verdict(context: context(jobs: 1)).bottleneck == .nothing)
    }

    private func context(
        jobs: Int, ioJobs: Int = 4, cores: Int? = nil, imageCount: Int = 100
    ) -> RunContext {
        RunContext(
            usesProcesses: true, jobs: jobs, ioJobs: ioJobs, cores: cores ?? jobs,
            wallNanoseconds: 10 * second, imageCount: imageCount)
    }
}
