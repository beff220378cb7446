internal import Images

/// Correlates an image with any small kernel.
struct Convolve: Filter {
    static let definition = FilterDefinition(
        "convolve", "correlation with a kernel of odd sides",
        value: FilterParameter(
            "kernel", "rows from the top, separated by slashes",
            .text("rows of numbers as '1 2 1 / 2 4 2 / 1 2 1', with odd sides up to 99")),
        keys: [
            FilterParameter(
                "divisor", "what the sum is divided by; if not given, the kernel's sum, or 1 for 0",
                .number(-1e9...1e9), default: "sum"),
            FilterParameter("bias", "what is added, 1 for white", .number(-1...1), default: "0"),
        ], example: "convolve:1 2 1 / 2 4 2 / 1 2 1,divisor=16"
    ) { arguments throws(FilterError) in
        guard let kernel = Kernel(arguments["kernel"]) else { throw arguments.invalid("kernel") }
        let sum = kernel.weights.reduce(0, +)
        var divisor = sum == 0 ? 1 : sum
        if arguments["divisor"] != "sum" { divisor = arguments.number("divisor") }
        guard divisor != 0 else { throw arguments.invalid("divisor", allowed: "other than 0") }
        // More than any use, and few enough that no sum of them is beyond what a float holds.
        guard divisor.isFinite, kernel.weights.allSatisfy({ abs($0 / divisor) <= 1e9 }) else {
            throw arguments.invalid("kernel", allowed: "numbers of at most 1e9 once divided")
        }
        return Convolve(
            name: "convolve", kernel: kernel, divisor: divisor, bias: arguments.number("bias"))
    }

    let name: String
    let kernel: Kernel
    let divisor: Double
    let bias: Double

    func operation(
        on source: PixelLayout, in context: FilterContext
    ) throws(FilterError) -> (any Operation)? {
        KernelOperation(
            source: source, kernel: kernel, divisor: divisor, bias: bias,
            isLinear: context.isLinear)
    }
}

/// Makes edges look raised: a `convolve` with a kernel of its own.
enum Emboss {
    static let definition = FilterDefinition(
        "emboss", "convolve:-2 -1 0 / -1 1 1 / 0 1 2", example: "emboss"
    ) { _ throws(FilterError) in
        Convolve(
            name: "emboss",
            kernel: Kernel(width: 3, height: 3, weights: [-2, -1, 0, -1, 1, 1, 0, 1, 2]),
            divisor: 1, bias: 0)
    }
}
