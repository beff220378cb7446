internal import Images

/// Leaves out the scans of a progressive file that do not matter to an image an eighth as large.
///
/// At that size a component of full resolution is made from its first coefficients alone (the DC of
/// ITU-T T.81, annex G.1.1), and the scans with all others, most of the file, need not be decoded.
/// Components of half the resolution are made from two by two coefficients, so theirs stay.
enum JPEGScanSelection {
    /// A smaller file that decodes to the same pixels at an eighth of the size.
    ///
    /// - Returns: Nil if the file is not progressive, or not of the usual form to its end: then all
    ///   of it is for the library to judge.
    static func forEighth(_ bytes: borrowing Span<UInt8>) -> [UInt8]? {
        var kept: [UInt8] = []
        var fullResolution: Set<UInt8> = []
        var copied = 0
        var offset = 2
        while let marker = JPEGMarker.next(from: offset, of: bytes), marker.isWhole {
            offset = marker.content.upperBound
            switch marker.name {
            case "SOF2": fullResolution = componentsOfFullResolution(marker, bytes)
            case "SOS":
                guard !fullResolution.isEmpty else { return nil }
                offset = endOfScan(from: offset, of: bytes)
                guard isFine(marker, of: fullResolution, in: bytes) else { continue }
                kept.append(bytes, copied..<marker.offset)
                copied = offset
            case "EOI":
                guard copied > 0 else { return nil }
                kept.append(bytes, copied..<offset)
                return kept
            default: break
            }
        }
        return nil
    }

    /// The components with the largest sampling factors (annex B.2.2).
    private static func componentsOfFullResolution(
        _ frame: JPEGMarker, _ bytes: borrowing Span<UInt8>
    ) -> Set<UInt8> {
        let start = frame.content.lowerBound
        guard frame.content.count >= 6 else { return [] }
        let count = Int(bytes[start + 5])
        guard frame.content.count >= 6 + 3 * count else { return [] }
        var sampling: [UInt8: UInt8] = [:]
        for component in 0..<count {
            sampling[bytes[start + 6 + 3 * component]] = bytes[start + 7 + 3 * component]
        }
        let horizontal = sampling.values.map { $0 >> 4 }.max() ?? 0
        let vertical = sampling.values.map { $0 & 15 }.max() ?? 0
        return Set(sampling.filter { $0.value == horizontal << 4 | vertical }.keys)
    }

    /// Whether a scan has only coefficients after the first of one of these components (annex
    /// B.2.3).
    private static func isFine(
        _ scan: JPEGMarker, of components: Set<UInt8>, in bytes: borrowing Span<UInt8>
    ) -> Bool {
        let start = scan.content.lowerBound
        return scan.content.count == 6 && bytes[start] == 1 && bytes[start + 3] > 0
            && components.contains(bytes[start + 1])
    }

    /// The offset of the marker that ends the coded data of a scan, or of the end of the file.
    private static func endOfScan(from start: Int, of bytes: borrowing Span<UInt8>) -> Int {
        var offset = start
        while offset + 1 < bytes.count {
            if bytes[offset] == 0xFF {
                let code = bytes[offset + 1]
                // A stuffed byte, a restart marker and a fill byte do not end the data.
                if code != 0, !(0xD0...0xD7).contains(code), code != 0xFF { return offset }
            }
            offset += 1
        }
        return bytes.count
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
