import Synchronization
import SystemCalls
import Testing

@testable import Pipeline

@Suite("The image memory of a run", .timeLimit(.minutes(30)))
struct ImageMemoryTests {
    @Test("is parted without remainder", arguments: [1, 8, 1_000_003])
    func isParted(byteCount: Int) {
        let memory = ImageMemory(byteCount: byteCount)

        let shares = [memory.sources, memory.frames, memory.results].map(\.byteCount)
        #expect(shares.reduce(0, +) == byteCount)
        #expect(memory.frames.byteCount >= byteCount / 2)
    }

    @Test("gets its room back when the last who has it goes")
    func givesRoomBack() {
        let budget = MemoryBudget(byteCount: 10)

        withExtendedLifetime(ImageRoom(7, of: budget)) {
            #expect(budget.usedByteCount == 7)
            #expect(ImageRoom.takenAtOnce(4, of: budget) == nil)
        }

        #expect(budget.usedByteCount == 0)
    }

    @Test("gives all of a share to what is larger")
    func givesAll() {
        let budget = MemoryBudget(byteCount: 10)

        withExtendedLifetime(ImageRoom(1000, of: budget)) {
            #expect(budget.usedByteCount == 10)
        }
    }
}
