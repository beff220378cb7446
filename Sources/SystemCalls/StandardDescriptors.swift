internal import Glibc

/// Descriptors 0, 1 and 2, which a program is started without where its caller closed them.
public enum StandardDescriptors {
    /// Opens `/dev/null` for those that are closed.
    ///
    /// The next file that is opened would be taken for standard output or standard error, and
    /// messages be written into an image. Call it before anything else is opened.
    public static func ensureOpen() {
        while true {
            let descriptor = unsafe open("/dev/null", O_RDWR)
            // The lowest free number is given out first.
            guard (0...2).contains(descriptor) else {
                close(descriptor)
                return
            }
        }
    }
}
