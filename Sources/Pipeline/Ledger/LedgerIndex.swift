internal import SystemCalls
internal import Transfer

/// What a ledger says of each output, in 16 bytes an output: the last line counts.
struct LedgerIndex: Sendable {
    private struct Entry: Sendable {
        var output: UInt64
        var made: UInt64
    }

    private var entries: [Entry] = []

    /// The hashes of the inputs whose last line is a failure, sorted.
    private var failedInputs: [UInt64] = []

    /// Whether the last line does not end: a run was killed while it wrote.
    private(set) var isTorn = false

    /// Reads a ledger from its start; lines that are torn or of another kind say nothing.
    ///
    /// - Parameters:
    ///   - file: The ledger.
    ///   - findingFailures: Whether ``hasFailed(_:)`` is going to be asked.
    /// - Throws: ``TransferError`` if the file cannot be read.
    init(
        _ file: borrowing AppendedFile, findingFailures: Bool
    ) throws(TransferError) {
        var rest: [UInt8] = []
        var read: [Entry] = []
        var inputs: [(hash: UInt64, isFailed: Bool)] = []
        try file.forEachPiece { piece in
            var start = piece.startIndex
            while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
                rest += piece[start..<end]
                if let line = LedgerLine(rest[...]) {
                    if line.output != 0, !line.isFailed {
                        read.append(Entry(output: line.output, made: line.made))
                    }
                    if findingFailures { inputs.append((line.input, line.isFailed)) }
                }
                rest.removeAll(keepingCapacity: true)
                start = end + 1
            }
            rest += piece[start...]
        }
        isTorn = !rest.isEmpty
        Self.keepLastOfEach(&read, by: \.output)
        Self.keepLastOfEach(&inputs, by: \.hash)
        entries = read
        failedInputs = inputs.filter(\.isFailed).map(\.hash)
    }

    /// Whether nothing is known.
    var isEmpty: Bool { entries.isEmpty }

    /// Whether an output of this path is ours; nil if nothing is known of it, else the hash of what
    /// it was made from, 0 if it may be unfinished.
    func made(_ path: BytePath) -> UInt64? {
        let hash = StableHash(path.bytes).value
        let index = Self.firstIndex(in: entries) { $0.output >= hash }
        return index < entries.count && entries[index].output == hash ? entries[index].made : nil
    }

    /// Whether the last that is known of an input is a failure.
    func hasFailed(_ source: Source) -> Bool {
        let hash = StableHash(source.name.bytes).value
        let index = Self.firstIndex(in: failedInputs) { $0 >= hash }
        return index < failedInputs.count && failedInputs[index] == hash
    }

    /// Sorts by a key and keeps the last of equal ones, all in place.
    private static func keepLastOfEach<Element>(
        _ elements: inout [Element], by key: (Element) -> UInt64
    ) {
        // The sort is stable, so of equal keys the later line comes later.
        elements.sort { key($0) < key($1) }
        var count = 0
        for index in elements.indices {
            let isLast =
                index + 1 == elements.count || key(elements[index + 1]) != key(elements[index])
            if isLast {
                elements[count] = elements[index]
                count += 1
            }
        }
        elements.removeSubrange(count...)
    }

    /// The first index whose element fulfils a condition that holds for all after it.
    private static func firstIndex<Element>(
        in elements: [Element], where condition: (Element) -> Bool
    ) -> Int {
        var range = 0..<elements.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if condition(elements[middle]) {
                range = range.lowerBound..<middle
            } else {
                range = (middle + 1)..<range.upperBound
            }
        }
        return range.lowerBound
    }
}
