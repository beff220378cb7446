/// Which release this is.
public enum Release {
    /// The version of both executables; a parent and a worker of different versions do not talk.
    public static let version = "0.1.0"
}
