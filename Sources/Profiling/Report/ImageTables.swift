/// The images that took longest, each with a bar of its stages.
struct SlowestImages {
    let images: [ReportedImage]

    var html: HTML {
        guard !images.isEmpty else { return "" }
        let stages = Stage.work.filter { stage in
            images.contains { image in image.stages.contains { $0.stage == stage } }
        }
        return """
            \(legend(stages))
            <ol class="images">
            \(images.map(row))
            </ol>
            """
    }

    private func row(_ image: ReportedImage) -> HTML {
        let longest = images.first?.nanoseconds ?? 0
        let facts = [
            image.size, Quantity.decimal(byteCount: image.byteCountIn),
            image.attempts > 1 ? "\(image.attempts) attempts" : "",
        ].filter { !$0.isEmpty }
        return """
            <li><div class="source"><bdi>\(image.source)</bdi> \
            <small>\(facts.joined(separator: " · "))</small></div>\
            <svg class="bar" role="img"><title>\(stageTimes(of: image))</title>\
            \(segments(of: image, longest: longest))</svg>\
            <span class="busy">\(Quantity.duration(nanoseconds: image.nanoseconds))</span></li>
            """
    }

    private func segments(of image: ReportedImage, longest: Int64) -> [HTML] {
        var start: Int64 = 0
        return image.stages.map { stage, nanoseconds in
            defer { start &+= nanoseconds }
            return """
                <rect class="\(stage.jsonName)" x="\(percent: ratio(start, longest))" \
                width="\(percent: ratio(nanoseconds, longest))" height="100%"/>
                """
        }
    }

    private func stageTimes(of image: ReportedImage) -> String {
        image.stages.map { "\($0.stage.name) \(Quantity.duration(nanoseconds: $0.nanoseconds))" }
            .joined(separator: ", ")
    }
}

/// The images that failed, each with the reason.
struct FailedImages {
    let images: [ReportedImage]
    let count: Int

    var html: HTML {
        guard count > 0 else { return "<p class=\"note\">No image failed.</p>" }
        return """
            <ul class="failed">
            \(images.map(row))
            </ul>
            \(images.count < count ? more : "")
            """
    }

    private var more: HTML {
        "<p class=\"note\">The first \(images.count) of \(count) failed images.</p>"
    }

    private func row(_ image: ReportedImage) -> HTML {
        "<li><bdi>\(image.source)</bdi> <span class=\"reason\">\(image.failure ?? "")</span></li>"
    }
}
