import ArgumentParser
import Filters

/// What is done to the pixels.
struct FilterOptions: ParsableArguments {
    @Option(
        name: .joined("s"),
        help: ArgumentHelp(
            "Resize first: 50%, 800x600, 800x or x600; never enlarges without --upscale.",
            valueName: "geometry"))
    var size: String?

    @Option(help: "How -s fits a size: contain, cover or fill.")
    var fit: String?

    @Option(help: "The kernel of -s, such as lanczos3 or box.")
    var kernel: String?

    @Flag(help: "Let -s enlarge images.")
    var upscale = false

    @Option(
        help: ArgumentHelp(
            "A filter such as gaussian-blur:5; repeatable, in order. 'pixloom filters' lists them.",
            valueName: "name[:value][,key=value…]"))
    var filter: [String] = []

    @Flag(help: "Resize and blur in linear light.")
    var linear = false

    /// The filters in order.
    func makeChain() throws -> FilterChain {
        var specifications = filter
        if let size {
            let keys =
                (fit.map { ",fit=\($0)" } ?? "") + (kernel.map { ",kernel=\($0)" } ?? "")
                + (upscale ? ",upscale=yes" : "")
            specifications.insert("resize:\(size)\(keys)", at: 0)
        } else if fit != nil || kernel != nil || upscale {
            throw Failure("--fit, --kernel and --upscale belong to -s, which is missing", .usage)
        }
        do {
            return try FilterChain(specifications, linear: linear)
        } catch .unknownFilter(let name, nil) {
            throw Failure("unknown filter '\(name)'; 'pixloom filters' lists them", .usage)
        } catch {
            throw Failure("\(error)", .usage)
        }
    }
}
