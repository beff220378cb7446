extension RawSpan {
    /// The bytes of the span, copied so that a test can compare and print them.
    public func toArray() -> [UInt8] {
        unsafe withUnsafeBytes { unsafe Array($0) }
    }
}
