/// What each lane did over the run: in each moment the stages that it was in, stacked.
struct LaneTimeline {
    let history: RunHistory
    let wallNanoseconds: Int64

    private static let laneCapacity = 32

    var html: HTML {
        guard !history.lanes.isEmpty, wallNanoseconds > 0 else { return "" }
        let lanes = history.lanes.prefix(LaneTimeline.laneCapacity)
        let plot = Plot(
            title: "Stages of each lane over the time of the run",
            height: lanes.count * rowStep, x: Axis(timeUpTo: wallNanoseconds),
            marks: "\(lanes.enumerated().map { row($0, $1.name, $1.bins) })")
        return """
            \(legend(stages))
            \(plot.html)
            \(lanes.count < history.lanes.count ? note : "")
            """
    }

    /// From one row's top to the next, in pixels.
    private var rowStep: Int { history.lanes.count <= 8 ? 36 : 24 }

    private var note: HTML {
        """
        <p class="note">The first \(LaneTimeline.laneCapacity) of \(history.lanes.count) lanes.</p>
        """
    }

    /// The stages that occur, in the order in which they are stacked: work at the bottom.
    private var stages: [Stage] {
        Stage.allCases.filter { stage in
            history.lanes.contains { lane in
                bins(of: lane.bins).contains { total(lane.bins, stage, bin: $0) > 0 }
            }
        }
    }

    private func row(_ index: Int, _ name: String, _ bins: TimeBins) -> HTML {
        let top = index * rowStep
        let width = Double(wallNanoseconds) / Double(bins.width)
        return """
            <text class="tick" x="-8" y="\(top + rowStep / 2 + 1)" text-anchor="end">\(name)</text>
            <svg x="0" y="\(top)" width="100%" height="\(rowStep - 6)" \
            viewBox="0 0 \(Quantity.fixed(width, digits: 3)) 100" preserveAspectRatio="none">
            <rect class="track" width="100%" height="100%"/>
            \(paths(name, bins))
            </svg>
            """
    }

    /// One path for each stage: in each bin a box as high as the stage's share of it.
    private func paths(_ name: String, _ bins: TimeBins) -> [HTML] {
        var floors = [Int](repeating: 100, count: TimeBins.capacity)
        return stages.map { stage in
            var boxes: [Box] = []
            var sum: Int64 = 0
            for bin in self.bins(of: bins) {
                let time = total(bins, stage, bin: bin)
                sum += time
                let height = min(Int((ratio(time, bins.width) * 100).rounded()), floors[bin])
                guard height > 0 else { continue }
                floors[bin] -= height
                let box = Box(bin: bin, top: floors[bin], height: height)
                if boxes.last?.continues(in: box) == true {
                    boxes[boxes.count - 1].width += 1
                } else {
                    boxes.append(box)
                }
            }
            let share = Quantity.percent(ratio(sum, wallNanoseconds), digits: 1)
            return """
                <path class="\(stage.jsonName)" d="\(boxes.map(\.path).joined())">\
                <title>\(name): \(stage.name) \(share) of the run</title></path>
                """
        }
    }

    private func bins(of bins: TimeBins) -> Range<Int> {
        0..<bins.binCount(upTo: wallNanoseconds)
    }

    private func total(_ bins: TimeBins, _ stage: Stage, bin: Int) -> Int64 {
        bins.amount(inBin: bin, channel: Int(stage.rawValue))
    }

    /// Neighbouring bins with the same share of a stage.
    private struct Box {
        let bin: Int
        let top: Int
        let height: Int
        var width = 1

        var path: String { "M\(bin) \(top)h\(width)v\(height)h-\(width)z" }

        func continues(in next: Box) -> Bool {
            bin + width == next.bin && top == next.top && height == next.height
        }
    }
}
