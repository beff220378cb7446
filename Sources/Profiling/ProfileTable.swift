extension Profile {
    /// The profile as aligned lines of text: a heading, then each kind of thread with its stages.
    ///
    /// The share is that of the time of all threads of the kind; MB/s are those of one thread while
    /// it is in the stage. What no stage accounts for is a line of its own from 0.5 % on.
    public func table() -> [String] {
        var rows = [["", "count", "busy", "share", "p50", "p95", "p99", "max", "MB/s"]]
        for role in ThreadRole.allCases {
            let count = threads.count { $0.role == role }
            guard count > 0 else { continue }
            rows.append([
                "\(count) \(role.name(count: count)), \(Quantity.percent(utilisation(of: role))) busy"
            ])
            for summary in stages where summary.role == role {
                rows.append(row(of: summary))
                if summary.stage == .filter, parts.count > 1 { rows += parts.map(row(of:)) }
            }
            if let rest = rowOfRest(role) { rows.append(rest) }
        }
        return aligned(rows)
    }

    private func row(of summary: StageSummary) -> [String] {
        ["  " + summary.stage.name] + cells(of: summary.durations, share: summary.share) + [
            summary.byteCount > 0 ? Quantity.threeDigits(summary.megabytesPerSecond) : ""
        ]
    }

    private func cells(of durations: Histogram, share: Double) -> [String] {
        let percentiles = [50, 95, 99].map { durations.percentile($0) } + [durations.max]
        return [
            String(durations.count), Quantity.duration(nanoseconds: durations.total),
            Quantity.percent(share, digits: 1),
        ] + percentiles.map { Quantity.duration(nanoseconds: $0) }
    }

    private func row(of part: PartSummary) -> [String] {
        ["    " + part.name] + cells(of: part.durations, share: share(of: part))
    }

    private func share(of part: PartSummary) -> Double {
        ratio(part.durations.total, nanoseconds(of: .lane))
    }

    private func rowOfRest(_ role: ThreadRole) -> [String]? {
        let time = nanoseconds(of: role)
        let rest = threads.filter { $0.role == role }.reduce(time) { rest, thread in
            Stage.allCases.reduce(rest) { $0 - thread.nanoseconds(in: $1) }
        }
        guard ratio(rest, time) >= 0.005 else { return nil }
        return [
            "  other", "", Quantity.duration(nanoseconds: rest),
            Quantity.percent(ratio(rest, time), digits: 1),
        ]
    }
}
