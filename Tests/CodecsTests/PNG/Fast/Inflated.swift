import Profiling
import Testing

@testable import Codecs

/// What zlib streams hold.
enum Inflated {
    /// Inflates by libdeflate, which also checks the checksum; nil if the stream is not sound.
    static func bytes(_ stream: [UInt8], byteCount: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0xA5, count: byteCount)
        let isSound = PNGWorkspace.borrow { workspace in
            unsafe stream.withUnsafeBytes { stream in
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe workspace.inflate(stream, filling: $0)
                }
            }
        }
        return isSound ? bytes : nil
    }
}

extension PNGWorkspace {
    /// A zlib stream of one piece.
    func deflated(_ bytes: [UInt8], by compression: Compression) throws -> [UInt8] {
        var stream = try #require(
            ZlibStream(
                pieceCount: 1, largestPiece: bytes.count, in: self, checkpoint: .none))
        try unsafe bytes.withUnsafeBufferPointer {
            try unsafe stream.append($0, by: compression, isLast: true)
        }
        return unsafe Array(stream.finish())
    }
}
