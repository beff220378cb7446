extension Comparison {
    /// The comparison as one self-contained page of HTML: no script, no network, light and dark.
    ///
    /// - Parameters:
    ///   - command: The command that was run.
    ///   - date: When; empty if that is not known.
    ///   - machine: What the machine offers.
    /// - Returns: The page, in UTF-8 once it is written.
    public func page(command: String, date: String, machine: [ReportData.Fact]) -> String {
        let content: HTML = """
            <section class="verdict"><h2>What to choose</h2><p>\(choice.sentence)</p></section>
            <section>
            <h2>Images in a second</h2>
            <p class="note">The median of the rounds, and half of the way from the slowest to the \
            fastest of them.</p>
            <div class="bars">
            \(contenders.map(bar))
            </div>
            </section>
            <section>
            <h2>All numbers</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="All numbers"><table>
            <thead><tr><th>mode</th>\(Comparison.columns.map { "<th>\($0)</th>" as HTML })</tr></thead>
            <tbody>\(contenders.map(row))</tbody></table></div>
            </section>
            <section>
            <h2>Lanes</h2>
            <p class="note">Images in a second by the number of lanes.</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Images by lanes"><table>
            <thead><tr><th>mode</th>\(lanes)</tr></thead>
            <tbody>\(contenders.map(scalingRow))</tbody></table></div>
            </section>
            <section><h2>What each is good for</h2>
            \(explanation.map { "<p>\($0)</p>" as HTML })
            </section>
            <section><h2>Machine</h2>\(factList(machine))</section>
            """
        let title = "\(contenders.map(\.name).joined(separator: " or ")), and how many?"
        return ReportPage(
            title: title, heading: "\(title)", command: command, date: date, content: content
        ).text
    }

    private func bar(_ contender: Contender) -> HTML {
        let most = contenders.map(\.imagesPerSecond).max() ?? 0
        let share = most > 0 ? contender.imagesPerSecond / most : 0
        return """
            <span class="name">\(contender.name)</span>
            <svg class="bar" role="img"><title>\(contender.name): \
            \(Quantity.threeDigits(contender.imagesPerSecond)) images/s</title>\
            <rect class="track" width="100%" height="100%" rx="2"/>\
            <rect class="filter" width="\(percent: share)" height="100%" rx="2"/></svg>
            <span class="share">\(Quantity.threeDigits(contender.imagesPerSecond))</span>\
            <span class="busy">± \(Quantity.percent(contender.spread))</span>
            """
    }

    private func row(_ contender: Contender) -> HTML {
        """
        <tr><th>\(contender.name)</th>\(cells(of: contender).map { "<td>\($0)</td>" as HTML })</tr>
        """
    }

    private var lanes: [HTML] {
        contenders.first.map { scaling(of: $0).map { "<th>-j \($0.jobs)</th>" as HTML } } ?? []
    }

    private func scalingRow(_ contender: Contender) -> HTML {
        let rates = scaling(of: contender).map {
            "<td>\(Quantity.threeDigits($0.imagesPerSecond))</td>" as HTML
        }
        return "<tr><th>\(contender.name)</th>\(rates)</tr>"
    }
}
