internal import CLinuxShims

/// The terminal behind a descriptor.
public enum TerminalWidth {
    /// The columns of the terminal, or nil where there is none or it does not say.
    public static func columns(of descriptor: CInt) -> Int? {
        let columns = Int(pixloom_terminal_width(descriptor))
        return columns > 0 ? columns : nil
    }
}
