/// The numbers of a run that everybody wants to know first.
struct SummaryTiles {
    let data: ReportData

    var html: HTML {
        "<dl class=\"tiles\">\(tiles.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" as HTML })</dl>"
    }

    private var tiles: [(name: String, value: String)] {
        rates + amounts + resources
            + [("up to date", data.counts.upToDate), ("skipped", data.counts.skipped)]
            .filter { $0.1 > 0 }.map { ($0, Quantity.count($1)) }
    }

    private var rates: [(String, String)] {
        guard data.wallNanoseconds > 0 else { return [] }
        let converted = Int64(data.counts.converted)
        return [
            ("images/s", Quantity.threeDigits(ratio(converted, data.wallNanoseconds) * 1e9)),
            ("MB/s read", Quantity.threeDigits(ratio(sum(.bytesIn), data.wallNanoseconds) * 1e3)),
        ]
    }

    private var amounts: [(String, String)] {
        [
            ("read", Quantity.decimal(byteCount: sum(.bytesIn))),
            ("written", Quantity.decimal(byteCount: sum(.bytesOut))),
        ]
    }

    private var resources: [(String, String)] {
        let latency = data.history.latency
        let hasLanes = data.profile.nanoseconds(of: .lane) > 0
        let facts: [(String, String?)] = [
            (
                "median time",
                latency.count > 0 ? Quantity.duration(nanoseconds: latency.percentile(50)) : nil
            ),
            ("lanes busy", hasLanes ? Quantity.percent(data.profile.utilisation(of: .lane)) : nil),
            ("CPU time", data.processorNanoseconds.map { Quantity.duration(nanoseconds: $0) }),
            ("peak memory", data.peakMemoryByteCount.map { Quantity.binary(byteCount: $0) }),
        ]
        return facts.compactMap { name, value in value.map { (name, $0) } }
    }

    private func sum(_ channel: RunHistory.Channel) -> Int64 {
        (0..<TimeBins.capacity).reduce(0) {
            $0 + data.history.ended.amount(inBin: $1, channel: channel.rawValue)
        }
    }
}
