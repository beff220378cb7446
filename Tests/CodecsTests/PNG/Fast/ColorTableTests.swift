import Testing

@testable import Codecs

@Suite("A table of colours")
struct ColorTableTests {
    @Test("finds each of 256 colours again, also those whose hashes meet")
    func findsColors() {
        var table = ColorTable()
        let colors = (0..<256).map { UInt32($0) &* 0x0100_0193 &+ 0xFF00_0000 }
        let areTaken = colors.map { table.insert($0) }
        #expect(!areTaken.contains(false))
        #expect(colors.map { table.index(of: $0) } == (0...255).map { UInt8($0) })
    }

    @Test("takes a colour twice, but no 257th")
    func refusesMore() {
        var table = ColorTable()
        for color in 0..<256 as Range<UInt32> { _ = table.insert(color) }
        let areTaken = [7, 256].map { table.insert($0) }
        #expect(areTaken == [true, false])
    }
}
