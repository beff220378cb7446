internal import CLinuxShims

/// The instructions that this build uses and the processor may lack.
public enum ProcessorLevel {
    /// The name of the level that is missing, or nil if this build can run here.
    public static var missing: String? {
        unsafe pixloom_missing_processor_level().map { unsafe String(cString: $0) }
    }

    /// The level that this build was compiled for, as in `x86-64-v3`.
    public static var built: String { unsafe String(cString: pixloom_built_processor_level()) }

    /// The highest level that the processor has.
    public static var present: String {
        unsafe String(cString: pixloom_present_processor_level())
    }
}
