/// Makes blocks of metadata for tests.
public enum MetadataBlock {
    /// An EXIF block whose first directory has a tag that does not matter and the orientation.
    public static func exif(orientation: UInt8, isLittleEndian: Bool = true) -> [UInt8] {
        isLittleEndian
            ? Array("II*\0".utf8) + [8, 0, 0, 0, 2, 0]
                + [0x0F, 0x01, 2, 0, 2, 0, 0, 0, 0x41, 0, 0, 0]
                + [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0] + [0, 0, 0, 0]
            : Array("MM\0*".utf8) + [0, 0, 0, 8, 0, 2]
                + [0x01, 0x0F, 0, 2, 0, 0, 0, 2, 0x41, 0, 0, 0]
                + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0] + [0, 0, 0, 0]
    }

    /// Bytes that look like an ICC profile from outside: a header of 128 bytes and something.
    public static func profile(colorSpace: String = "RGB ", byteCount: Int = 300) -> [UInt8] {
        var profile = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        profile.replaceSubrange(0..<4, with: PNGBuilder.bigEndian(UInt32(byteCount)))
        profile.replaceSubrange(16..<20, with: Array(colorSpace.utf8))
        profile.replaceSubrange(36..<40, with: Array("acsp".utf8))
        return profile
    }
}
