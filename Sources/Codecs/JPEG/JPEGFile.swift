internal import Images

/// Where the parts of a JPEG file lie, found by walking its markers up to the first scan.
struct JPEGFile {
    /// The marker that starts the frame.
    let header: JPEGHeader

    /// The markers with metadata.
    let metadata: JPEGMetadata

    /// Walks the markers of a file.
    ///
    /// - Throws: ``CodecError`` where pixels can't be had, with the marker and its offset.
    init(_ bytes: borrowing Span<UInt8>) throws(CodecError) {
        guard bytes.count >= 2, bytes[0] == 0xFF, bytes[1] == 0xD8 else {
            throw .malformed(.jpeg, "the first two bytes are not the marker SOI")
        }
        var header: JPEGHeader?
        var metadata = JPEGMetadata()
        var offset = 2
        while let marker = JPEGMarker.next(from: offset, of: bytes) {
            guard marker.isWhole else { throw marker.truncated }
            if marker.isStartOfFrame {
                guard header == nil else { throw marker.malformed("is the second one of a frame") }
                header = try JPEGHeader(marker, in: bytes)
            }
            if marker.name == "EOI" { throw marker.malformed("comes before any pixels") }
            if marker.name == "SOS" {
                guard let header else { throw marker.malformed("comes before the marker SOF") }
                self.header = header
                self.metadata = metadata
                return
            }
            metadata.add(marker, of: bytes)
            offset = marker.content.upperBound
        }
        throw .malformed(.jpeg, "the file ends at \(bytes.count) bytes without a marker SOS")
    }
}
