/// A file format of images.
public enum ImageFormat: String, Hashable, Sendable, CaseIterable {
    case png
    case jpeg
    case webp
    case tiff
    case gif

    /// The extension that names of new files get, without the dot.
    public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

    /// The format that an extension (in any case, without the dot) stands for.
    public init?(fileExtension: some StringProtocol) {
        switch fileExtension.lowercased() {
        case "png": self = .png
        case "jpg", "jpeg", "jpe": self = .jpeg
        case "webp": self = .webp
        case "tif", "tiff": self = .tiff
        case "gif": self = .gif
        default: return nil
        }
    }

    /// The format that a file begins with, or nil where its first 16 bytes are of no known one.
    ///
    /// - Parameter firstBytes: The first bytes of the file; 16 are enough.
    public init?(firstBytes: borrowing Span<UInt8>) {
        func has(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            guard firstBytes.count >= offset + signature.count else { return false }
            return signature.indices.allSatisfy { firstBytes[offset + $0] == signature[$0] }
        }
        if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if has([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has(Array("RIFF".utf8)) && has(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else if has([0x49, 0x49, 0x2A, 0x00]) || has([0x4D, 0x4D, 0x00, 0x2A])
            || has([0x49, 0x49, 0x2B, 0x00]) || has([0x4D, 0x4D, 0x00, 0x2B])
        {
            self = .tiff
        } else if has(Array("GIF87a".utf8)) || has(Array("GIF89a".utf8)) {
            self = .gif
        } else {
            return nil
        }
    }
}
