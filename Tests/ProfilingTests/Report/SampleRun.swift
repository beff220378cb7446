import Profiling

/// A made-up run of two lanes, from a seed: photographs that are decoded, filtered and encoded, with
/// one slow one, and a hostile name.
struct SampleRun: Sendable {
    var lanes = 2
    var imageCount = 125
    var failedCount = 3
    var scale: Int64 = 1
    var names: @Sendable (Int) -> String = { "photos-png/2024/IMG_\(4000 + $0).png" }

    var data: ReportData {
        var generator = SplitMix(state: 3)
        let tracks = (0..<lanes).map { Track(process: 1, thread: Int32($0)) }
        let history = HistoryCollector(
            began: moment(0), lanes: tracks.map { ($0, "lane \($0.thread)") })
        var profile = Profile()
        var wall: Int64 = 0
        for (lane, track) in tracks.enumerated() {
            var recorder = Recorder(forwardingTo: history, track: track, began: moment(0))
            var now = Int64.random(in: 1...9, using: &generator) * millisecond
            recorder.record(.waitForFetched, from: moment(0), to: moment(now))
            for index in stride(from: lane, to: imageCount, by: lanes) {
                var image = ReportedImage(source: names(index))
                let size = Int64.random(in: 60...140, using: &generator)
                let factor = index == 40 ? 5 : 1 as Int64
                for (stage, weight) in [(Stage.decode, 34), (.filter, 22), (.encode, 81)] {
                    let time = size * Int64(weight) * 12_000 * factor * scale
                    recorder.record(
                        stage, from: moment(now), to: moment(now + time),
                        byteCount: Int(size) * 120_000)
                    image.stages.append((stage, time))
                    now += time
                    if stage == .decode {
                        recorder.record(
                            .waitForWorker, from: moment(now), to: moment(now + 60_000 * scale))
                        now += 60_000 * scale
                    }
                }
                image.byteCountIn = size * 9_000
                image.byteCountOut = size * 4_000
                image.size = "\(size * 20)×\(size * 15)"
                history.add(image, endedAt: moment(now))
                let pause = index % 20 == 7 ? 120 * millisecond : 50_000
                recorder.record(.waitForFetched, from: moment(now), to: moment(now + pause))
                now += pause
            }
            recorder.flush()
            profile.merge(recorder, role: .lane, name: "lane \(lane)", ended: moment(now))
            wall = max(wall, now)
        }
        for _ in 0..<4 {
            profile.add(
                .io,
                [
                    Step(.fetch, 3 * millisecond, count: imageCount / 4, byteCount: 900_000),
                    Step(.store, millisecond, count: imageCount / 4, byteCount: 400_000),
                    Step(.waitForLane, wall - Int64(imageCount / 4) * 4 * millisecond),
                ])
        }
        for index in 0..<failedCount {
            var image = ReportedImage(source: "photos-png/broken/<b>\(index)</b> & \"co\".png")
            image.failure =
                "cannot decode: chunk IDAT is truncated: 8192 bytes announced, 5120 present"
            history.add(image, endedAt: moment(wall / 2))
        }
        var counts = OutcomeCounts()
        counts.converted = imageCount
        counts.failed = failedCount
        counts.skipped = 2
        var data = ReportData(
            command: "pixloom photos-png -o out --filter resize:50% --mode processes -j \(lanes)",
            counts: counts, wallNanoseconds: wall)
        data.date = "2026-11-22 08:38 UTC"
        data.processorNanoseconds = wall * 19 / 10
        data.peakMemoryByteCount = 231 << 20
        var context = RunContext(
            usesProcesses: true, jobs: lanes, ioJobs: 4, cores: lanes, wallNanoseconds: wall,
            imageCount: imageCount)
        context.cheaperEncoding = "--png-effort fast"
        data.verdict = profile.verdict(context: context).sentence
        data.profile = profile
        data.history = history.current
        data.settings = [
            .init("mode", "processes"), .init("lanes", "\(lanes)"), .init("I/O threads", "4"),
            .init("filters", "resize:50%"), .init("PNG effort", "balanced"),
        ]
        data.machine = [
            .init("processor", "AMD EPYC 7763, \(lanes) cores allowed"), .init("memory", "7.8 GiB"),
            .init("system", "Debian 12, Linux 6.1"),
            .init("pixloom", "0.1.0, x86-64-v3, jpeg, curl"),
        ]
        return data
    }
}
