/// The share of each stage in the time of its kind of thread, as bars with their numbers.
struct StageBars {
    let profile: Profile

    var html: HTML {
        "\(ThreadRole.allCases.map(group))"
    }

    private func group(_ role: ThreadRole) -> HTML {
        let count = profile.threads.count { $0.role == role }
        guard count > 0 else { return "" }
        let busy = Quantity.percent(profile.utilisation(of: role))
        return """
            <h3>\(count) \(role.name(count: count)), <b>\(busy)</b> busy</h3>
            <div class="bars">
            \(profile.stages.filter { $0.role == role }.map(row))
            </div>
            """
    }

    private func row(_ summary: StageSummary) -> HTML {
        let share = Quantity.percent(summary.share, digits: 1)
        let busy = Quantity.duration(nanoseconds: summary.durations.total)
        return """
            <span class="name">\(summary.stage.name)</span>
            <svg class="bar" role="img"><title>\(summary.stage.name): \(share), \(busy)</title>\
            <rect class="track" width="100%" height="100%" rx="2"/>\
            <rect class="\(summary.stage.jsonName)" width="\(percent: min(summary.share, 1))" \
            height="100%" rx="2"/></svg>
            <span class="share">\(share)</span><span class="busy">\(busy)</span>
            """
    }
}

/// All numbers of the profile.
struct StageTable {
    let profile: Profile

    private static let columns = ["stage", "count", "busy", "p50", "p95", "p99", "max", "MB/s"]

    var html: HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="All numbers"><table>
        <thead><tr>\(StageTable.columns.map { "<th>\($0)</th>" as HTML })</tr></thead>
        <tbody>
        \(profile.stages.map(row))
        </tbody></table></div>
        """
    }

    private func row(_ summary: StageSummary) -> HTML {
        let durations = summary.durations
        let times =
            [durations.total] + [50, 95, 99].map { durations.percentile($0) } + [durations.max]
        let rate = summary.byteCount > 0 ? Quantity.threeDigits(summary.megabytesPerSecond) : "–"
        let cells = times.map { "<td>\(Quantity.duration(nanoseconds: $0))</td>" as HTML }
        return """
            <tr><th scope="row">\(swatch(summary.stage))\(summary.stage.name)</th>\
            <td>\(Quantity.count(durations.count))</td>\(cells)<td>\(rate)</td></tr>
            """
    }
}

/// The names of stages with their colours.
func legend(_ stages: [Stage]) -> HTML {
    "<ul class=\"legend\">\(stages.map { "<li>\(swatch($0))\($0.name)</li>" as HTML })</ul>"
}

/// A small square in the colour of a stage.
func swatch(_ stage: Stage) -> HTML {
    """
    <svg class="swatch" aria-hidden="true"><rect class="\(stage.jsonName)" width="10" height="10" \
    rx="2"/></svg>
    """
}
