extension Int {
    /// The least multiple of a number that is not below this one, which is not below zero.
    @inline(__always)
    func roundedUp(to factor: Int) -> Int { (self + factor - 1) / factor * factor }
}
