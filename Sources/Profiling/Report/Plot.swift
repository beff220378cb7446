/// An inline SVG with axes, whose marks have places in percent of its width and in pixels of its
/// height; so it fits every screen and its text keeps its size.
struct Plot {
    /// What it shows, for people who cannot see it.
    let title: String

    /// The height of the plane without the labels below it, in pixels.
    let height: Int

    let x: Axis
    var y: Axis?

    /// What the axis to the left counts, as in `images/s`.
    var yTitle = ""

    /// What is inside.
    let marks: HTML

    var html: HTML {
        """
        <svg class="plot" role="img" height="\(height + Plot.labelHeight)">
        <title>\(title)</title>
        \(y.map(horizontalLines) ?? "")
        \(marks)
        <line class="base" x1="0" x2="100%" y1="\(height)" y2="\(height)"/>
        \(x.ticks.map(label))
        </svg>
        """
    }

    private static let labelHeight = 26

    private func horizontalLines(_ axis: Axis) -> HTML {
        let lines = axis.ticks.map { tick -> HTML in
            let y = height - Int((tick.place * Double(height)).rounded())
            return """
                <line class="grid" x1="0" x2="100%" y1="\(y)" y2="\(y)"/>\
                <text class="tick" x="-8" y="\(y + 4)" text-anchor="end">\(tick.label)</text>
                """
        }
        return """
            <text class="tick" x="-8" y="-12" text-anchor="end">\(yTitle)</text>
            \(lines)
            """
    }

    private func label(_ tick: Axis.Tick) -> HTML {
        """
        <line class="base" x1="\(percent: tick.place)" x2="\(percent: tick.place)" \
        y1="\(height)" y2="\(height + 5)"/>\
        <text class="tick" x="\(percent: tick.place)" y="\(height + 20)" \
        text-anchor="\(Plot.anchor(at: tick.place))">\(tick.label)</text>
        """
    }

    /// Which end of a label is at its place, so that it stays inside.
    static func anchor(at place: Double) -> String {
        switch place {
        case ..<0.02: "start"
        case 0.96...: "end"
        default: "middle"
        }
    }
}
