/// The tags that describe an image, with the directories that some of them point to, as an EXIF
/// block and the first page of a TIFF file have them (TIFF 6.0, section 2; Exif 2.32, section 4.6).
///
/// Tags that say how pixels are stored are not among them, nor is the orientation, and no thumbnail.
struct TagDirectory: Equatable {
    /// One tag.
    struct Entry: Equatable {
        let tag: Int
        let type: TagType

        /// Its numbers or letters one after the other, low byte first.
        let value: [UInt8]
    }

    /// The tags but for those that point to a directory, each once, in ascending order.
    var entries: [Entry] = []

    /// The directories by the tags that point to them.
    var parts: [Int: TagDirectory] = [:]

    /// Which tags belong to a directory.
    struct Kind {
        /// Nil takes all.
        let tags: Set<Int>?

        /// Those that point to directories, and to which.
        let parts: [Int: Kind]

        /// The first one: description, maker, model, resolution, software, time, artist, rating,
        /// copyright, and what Windows adds.
        static let first = Kind(
            tags: Set(
                [
                    0x010E, 0x010F, 0x0110, 0x011A, 0x011B, 0x0128, 0x0131, 0x0132, 0x013B, 0x4746,
                    0x4749, 0x8298,
                ] + Array(0x9C9B...0x9C9F)),
            parts: [0x8769: exif, 0x8825: Kind(tags: nil, parts: [:])])

        /// What a camera says of the photograph.
        private static let exif = Kind(
            tags: nil, parts: [0xA005: Kind(tags: nil, parts: [:])])
    }

    var isEmpty: Bool { entries.isEmpty && parts.isEmpty }
}

/// What the values of a tag are.
enum TagType: Int {
    case byte = 1
    case ascii, short, long, rational, signedByte, undefined, signedShort, signedLong,
        signedRational, float, double
    case long8 = 16
    case signedLong8

    /// The bytes of one value.
    var byteCount: Int {
        switch self {
        case .byte, .ascii, .signedByte, .undefined: 1
        case .short, .signedShort: 2
        case .long, .signedLong, .float: 4
        case .rational, .signedRational, .double, .long8, .signedLong8: 8
        }
    }

    /// The bytes whose order is that of the file.
    var numberByteCount: Int {
        self == .rational || self == .signedRational ? 4 : byteCount
    }
}

/// How a TIFF file, or an EXIF block, writes its directories; that for more than 4 GiB has wider
/// counts and offsets.
struct TagForm {
    let isBig: Bool

    var offsetByteCount: Int { isBig ? 8 : 4 }

    /// The bytes of the number of entries before them.
    var entryCountByteCount: Int { isBig ? 8 : 2 }

    /// Tag and type of two bytes, then a number of values, then those or their offset.
    var entryByteCount: Int { 4 + 2 * offsetByteCount }

    /// Where the header has the offset of the first directory.
    var firstOffset: Int { isBig ? 8 : 4 }
}
