import Testing

@testable import Codecs

@Suite("A workspace")
struct PNGWorkspaceTests {
    @Test("is lent to one caller at a time")
    func oneCaller() {
        let areOther = PNGWorkspace.borrow { first in
            PNGWorkspace.borrow { second in first !== second }
        }
        #expect(areOther)
    }

    @Test("has given back the memory of a large image when it is lent again")
    func givesBack() {
        PNGWorkspace.borrow { workspace in
            _ = unsafe workspace.filtered.bytes(PNGWorkspace.largestIdleByteCount + 1)
            PNGWorkspace.borrow { _ in }
        }
        let byteCounts = PNGWorkspace.borrow { $0.filtered.byteCount }
        #expect(byteCounts <= PNGWorkspace.largestIdleByteCount)
    }
}
