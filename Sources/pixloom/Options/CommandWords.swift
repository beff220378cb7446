public import ArgumentParser
import Glibc
public import SystemCalls

/// The command line as texts that lose none of its bytes.
///
/// The parser takes texts, but names of files have no encoding, and in place of bytes that are no
/// UTF-8 Swift puts U+FFFD: that is another name. So those bytes travel as characters for private
/// use, U+10FF00 plus the byte, as surrogates carry them in Python (PEP 383); a
/// ``SystemCalls/BytePath`` that is an argument makes bytes of them again.
enum CommandWords {
    /// What follows the name of the program.
    static var all: [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            guard let word = unsafe CommandLine.unsafeArgv[index] else { return nil }
            return text(of: unsafe Array(UnsafeRawBufferPointer(start: word, count: strlen(word))))
        }
    }

    /// The text that stands for bytes.
    static func text(of bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        while true {
            let end: Int
            switch parser.parseScalar(from: &iterator) {
            case .emptyInput: return String(text)
            case .error(let length): end = position + length
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                end = position + encoded.count
                if byte(of: scalar) == nil {
                    text.append(scalar)
                    position = end
                }
            }
            text.append(contentsOf: bytes[position..<end].compactMap(standIn))
            position = end
        }
    }

    private static let firstStandIn: UInt32 = 0x10FF00

    private static func standIn(for byte: UInt8) -> Unicode.Scalar? {
        Unicode.Scalar(firstStandIn + UInt32(byte))
    }

    /// The byte that a character stands for, if it does.
    fileprivate static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        scalar.value >= firstStandIn ? UInt8(exactly: scalar.value - firstStandIn) : nil
    }
}

extension BytePath: ExpressibleByArgument {
    /// Takes the bytes that a word of the command line stands for.
    public init?(argument: String) {
        self.init(
            argument.unicodeScalars.flatMap { scalar in
                CommandWords.byte(of: scalar).map { [$0] } ?? Array(String(scalar).utf8)
            })
    }
}
