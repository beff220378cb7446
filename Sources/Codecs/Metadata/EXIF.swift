internal import Images

/// The one tag of an EXIF block that decides where the pixels belong.
///
/// An EXIF block is a TIFF file (TIFF 6.0, section 2): a header with the byte order and the offset
/// of a directory, which is a count and entries of 12 bytes: tag, type, count, value.
struct EXIF {
    /// The orientation that the first directory states, or that nothing is to be done.
    let orientation: Orientation

    /// Where the tag's value lies in the block; nil if the block has no such tag.
    private let valueOffset: Int?

    /// Whether the low byte of a number comes first.
    private let isLittleEndian: Bool

    private static let orientationTag = 0x0112
    private static let shortType = 3
    private static let bytesPerEntry = 12

    /// Reads a block; one that makes no sense has no orientation.
    ///
    /// - Parameter block: The block from its TIFF header on.
    init(_ block: Span<UInt8>) {
        let isLittleEndian = block.has("II*\0", at: 0)
        self.isLittleEndian = isLittleEndian
        guard isLittleEndian || block.has("MM\0*", at: 0), block.count >= 8 else {
            (orientation, valueOffset) = (.topLeft, nil)
            return
        }
        func number16(at offset: Int) -> Int {
            let number = UInt16(block.bigEndian16(at: offset))
            return Int(isLittleEndian ? number.byteSwapped : number)
        }
        let directory =
            isLittleEndian
            ? number16(at: 4) | number16(at: 6) << 16 : number16(at: 4) << 16 | number16(at: 6)
        guard directory <= block.count - 2 else {
            (orientation, valueOffset) = (.topLeft, nil)
            return
        }
        let wholeEntryCount = (block.count - directory - 2) / Self.bytesPerEntry
        for index in 0..<min(number16(at: directory), wholeEntryCount) {
            let entry = directory + 2 + index * Self.bytesPerEntry
            guard number16(at: entry) == Self.orientationTag,
                number16(at: entry + 2) == Self.shortType
            else { continue }
            (orientation, valueOffset) = (
                Orientation(tagValue: number16(at: entry + 8)), entry + 8
            )
            return
        }
        (orientation, valueOffset) = (.topLeft, nil)
    }

    /// The same block with the orientation of pixels that have been turned upright.
    static func upright(_ block: [UInt8]) -> [UInt8] {
        let exif = EXIF(block.span)
        guard let offset = exif.valueOffset else { return block }
        var block = block
        block[offset] = exif.isLittleEndian ? 1 : 0
        block[offset + 1] = exif.isLittleEndian ? 0 : 1
        return block
    }
}
