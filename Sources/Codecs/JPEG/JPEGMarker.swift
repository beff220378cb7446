internal import Images

/// One marker segment of a JPEG file: 0xFF, a code, a length, a content (ITU-T T.81, annex B.1.1).
struct JPEGMarker {
    /// The code that follows 0xFF.
    let code: UInt8

    /// Where its 0xFF lies in the file.
    let offset: Int

    /// The bytes of its content, as its length announces them.
    let announcedByteCount: Int

    /// Where its content lies in the file, as far as the file goes.
    let content: Range<Int>

    /// Whether the content is in the file.
    var isWhole: Bool { content.count == announcedByteCount }

    /// Finds the marker at `offset`, or the next one where bytes that belong to none are in between.
    ///
    /// Any number of 0xFF may come before the code.
    ///
    /// - Returns: Nil if the file ends before a marker.
    static func next(from offset: Int, of bytes: borrowing Span<UInt8>) -> JPEGMarker? {
        var offset = offset
        while offset + 1 < bytes.count {
            if bytes[offset] == 0xFF, bytes[offset + 1] != 0xFF, bytes[offset + 1] != 0 {
                return JPEGMarker(at: offset, of: bytes)
            }
            offset += 1
        }
        return nil
    }

    private init?(at offset: Int, of bytes: borrowing Span<UInt8>) {
        self.offset = offset
        code = bytes[offset + 1]
        guard !Self.isAlone(code) else {
            (announcedByteCount, content) = (0, offset + 2..<offset + 2)
            return
        }
        // The length counts its own two bytes.
        guard offset + 4 <= bytes.count else { return nil }
        announcedByteCount = max(0, bytes.bigEndian16(at: offset + 2) - 2)
        content = offset + 4..<min(offset + 4 + announcedByteCount, bytes.count)
    }

    /// Whether a marker has no length and no content: TEM, RST0 to RST7, SOI and EOI.
    private static func isAlone(_ code: UInt8) -> Bool {
        code == 0x01 || (0xD0...0xD9).contains(code)
    }

    /// The error of a marker whose content the file's end cuts off.
    var truncated: CodecError {
        malformed("is truncated: \(announcedByteCount) bytes announced, \(content.count) present")
    }

    /// The error of a marker that breaks a rule: `marker SOF0 announces … (offset 158)`.
    func malformed(_ what: String) -> CodecError {
        .malformed(.jpeg, "marker \(name) \(what) (offset \(offset))")
    }

    /// The name in the specification's table B.1.
    var name: String {
        switch code {
        case 0xC4: "DHT"
        case 0xC8: "JPG"
        case 0xCC: "DAC"
        case 0xC0...0xCF: "SOF\(code - 0xC0)"
        case 0xD0...0xD7: "RST\(code - 0xD0)"
        case 0xD8: "SOI"
        case 0xD9: "EOI"
        case 0xDA: "SOS"
        case 0xDB: "DQT"
        case 0xDC: "DNL"
        case 0xDD: "DRI"
        case 0xE0...0xEF: "APP\(code - 0xE0)"
        case 0xFE: "COM"
        default: "0x" + String(code, radix: 16)
        }
    }

    /// Whether it starts a frame: SOF0 to SOF15.
    var isStartOfFrame: Bool {
        (0xC0...0xCF).contains(code) && code != 0xC4 && code != 0xC8 && code != 0xCC
    }
}
