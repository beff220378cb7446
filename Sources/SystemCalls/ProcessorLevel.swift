internal import CLinuxShims

/// The instructions that this build uses and the processor may lack.
public enum ProcessorLevel {
    /// The name of the level that is missing, or nil if this build can run here.
    public static var missing: String? {
        unsafe pixloom_missing_processor_level().map { unsafe String(cString: $0) }
    }
}
