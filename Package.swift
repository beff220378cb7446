// swift-tools-version: 6.2

import PackageDescription

/// The C libraries beyond libpng and zlib that this build may use, as in `jpeg curl`.
///
/// The Makefile looks for them and names them here; without the variable only PNG files are
/// converted. It is a variable because SwiftPM caches the evaluated manifest until the
/// environment changes: a look at the file system from here would miss a library that was
/// installed later.
let libraries = (Context.environment["PIXLOOM_LIBRARIES"] ?? "")
    .split(separator: " ").map(String.init)

/// One optional C library: the folder under `Sources/Codecs` or `Sources/Transfer` that needs it
/// is compiled only where the library is there.
struct OptionalLibrary {
    let name: String
    let target: String
    let user: String
    let folder: String
    /// False for a library that is loaded when it is first needed.
    var isLinked = true

    var isFound: Bool { libraries.contains(name) }
}

let optionalLibraries = [
    OptionalLibrary(name: "jpeg", target: "CJPEG", user: "Codecs", folder: "JPEG"),
    OptionalLibrary(name: "webp", target: "CWebP", user: "Codecs", folder: "WebP"),
    OptionalLibrary(name: "tiff", target: "CTIFF", user: "Codecs", folder: "TIFF"),
    OptionalLibrary(name: "lcms2", target: "CLCMS2", user: "Codecs", folder: "ColorManagement"),
    OptionalLibrary(name: "deflate", target: "CDeflate", user: "Codecs", folder: "PNG/Fast"),
    OptionalLibrary(
        name: "curl", target: "CCurl", user: "Transfer", folder: "Download", isLinked: false),
    OptionalLibrary(
        name: "crypto", target: "CCrypto", user: "Transfer", folder: "Hash/OpenSSL"),
]

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
]

/// Loops over pixels are optimised in debug builds too, with all their checks left in: the tests of
/// the filters would take many minutes otherwise.
let optimized: [SwiftSetting] = [
    .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))
]

func dependencies(of user: String) -> [Target.Dependency] {
    optionalLibraries.filter { $0.user == user && $0.isFound }.map { .target(name: $0.target) }
}

func missingFolders(of user: String) -> [String] {
    optionalLibraries.filter { $0.user == user && !$0.isFound }.map(\.folder)
}

func settings(of user: String) -> [SwiftSetting] {
    strict
        + optionalLibraries.filter { $0.user == user && $0.isFound }
        .map { .define("HAVE_" + $0.name.uppercased()) }
}

func cLibrary(_ name: String, linking linked: [String] = []) -> Target {
    .target(
        name: name, path: "Sources/CLibraries/\(name)",
        linkerSettings: linked.map { .linkedLibrary($0) })
}

func tests(
    _ name: String, of dependencies: [Target.Dependency], excluding folders: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], exclude: folders,
        swiftSettings: strict)
}

func program(_ name: String, in folder: String, of dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Tests/\(folder)/\(name)",
        swiftSettings: strict)
}

/// Programs that measure; only with `PIXLOOM_BENCHMARKS` set, so that no other build waits for them.
let benchmarks =
    Context.environment["PIXLOOM_BENCHMARKS"] == nil
    ? []
    : [
        program("CodecBenchmarks", in: "Benchmarks", of: ["Codecs", "Images", "Profiling"]),
        program("FilterBenchmarks", in: "Benchmarks", of: ["Filters", "Images", "Profiling"]),
    ]

/// Programs for libFuzzer; only with `PIXLOOM_FUZZ` set, which builds everything for it.
let fuzzers =
    Context.environment["PIXLOOM_FUZZ"] == nil
    ? [] : [program("PNGFuzzer", in: "Fuzzing", of: ["Codecs", "Images", "Profiling"])]

let package = Package(
    name: "pixloom",
    products: [
        .executable(name: "pixloom", targets: ["pixloom"]),
        .executable(name: "pixloom-worker", targets: ["pixloom-worker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        .executableTarget(
            name: "pixloom",
            dependencies: [
                "Pipeline", "Transfer", "Codecs", "Workers", "Filters", "SystemCalls", "Images",
                "Profiling", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "pixloom-worker", dependencies: ["Workers", "Filters"], swiftSettings: strict),
        .target(
            name: "Pipeline",
            dependencies: [
                "Transfer", "Codecs", "Workers", "Filters", "SystemCalls", "Images", "Profiling",
            ],
            swiftSettings: strict),
        .target(
            name: "Transfer",
            dependencies: ["SystemCalls", "Profiling", "CLinuxShims"]
                + dependencies(of: "Transfer"),
            exclude: missingFolders(of: "Transfer"), swiftSettings: settings(of: "Transfer")),
        .target(
            name: "Codecs",
            dependencies: ["Images", "Profiling", "CPNG"] + dependencies(of: "Codecs"),
            exclude: missingFolders(of: "Codecs"), swiftSettings: settings(of: "Codecs")),
        .target(
            name: "Workers",
            dependencies: ["Filters", "Images", "SystemCalls", "Profiling"], swiftSettings: strict),
        .target(
            name: "Filters", dependencies: ["Images", "Profiling", "CLinuxShims"],
            swiftSettings: strict + optimized),
        .target(name: "SystemCalls", dependencies: ["CLinuxShims"], swiftSettings: strict),
        .target(name: "Images", swiftSettings: strict),
        .target(name: "Profiling", swiftSettings: strict),

        cLibrary("CLinuxShims"),
        cLibrary("CPNG", linking: ["png", "z"]),

        .executableTarget(
            name: "misbehaving-worker",
            dependencies: ["Workers", "SystemCalls", "Images", "Profiling"],
            path: "Tests/MisbehavingWorker", swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["Images", "Profiling", "SystemCalls"],
            path: "Tests/TestSupport", swiftSettings: strict + optimized),
        tests("ImagesTests", of: ["Images"]),
        tests("ProfilingTests", of: ["Profiling"]),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        tests("FiltersTests", of: ["Filters", "Images", "Profiling", "CAllocationCounter"]),
        tests("SystemCallsTests", of: ["SystemCalls"]),
        tests(
            "WorkersTests",
            of: [
                "Workers", "Filters", "Images", "SystemCalls", "Profiling", "CAllocationCounter",
                "pixloom-worker",
                "misbehaving-worker",
            ]),
        tests(
            "CodecsTests", of: ["Codecs", "Images", "Profiling"],
            excluding: missingFolders(of: "Codecs")),
        tests("TransferTests", of: ["Transfer", "SystemCalls", "Profiling"]),
        tests(
            "PipelineTests",
            of: [
                "Pipeline", "Transfer", "Codecs", "Workers", "Filters", "SystemCalls", "Images",
                "Profiling",
            ]),
        tests(
            "PixloomTests",
            of: [
                "Images", "Profiling", "Codecs", "Transfer", "SystemCalls", "pixloom",
                "pixloom-worker", "misbehaving-worker",
            ]),
    ]
        + optionalLibraries.filter(\.isFound).map {
            cLibrary($0.target, linking: $0.isLinked ? [$0.name] : [])
        }
        + benchmarks + fuzzers,
    swiftLanguageModes: [.v6]
)
