extension ReferenceImage {
    /// Contrast-limited equalisation of luma as OpenCV computes it; colours move along.
    public func locallyEqualized(clip: Double, tiles: Int) -> ReferenceImage {
        let isWhole = width % tiles == 0 && height % tiles == 0
        let tileWidth = isWhole ? width / tiles : width / tiles + 1
        let tileHeight = isWhole ? height / tiles : height / tiles + 1
        func mirrored(_ index: Int, _ count: Int) -> Int {
            if count == 1 { return 0 }
            let place = index % (2 * count - 2)
            return place < count ? place : 2 * count - 2 - place
        }
        let binCount = Int(white) + 1
        func rounded(_ x: Int, _ y: Int) -> Int { Int(luma(x, y).rounded()) }
        let tables = (0..<tiles * tiles).map { tile -> [Double] in
            var counts = Array(repeating: 0, count: binCount)
            for y in 0..<tileHeight {
                for x in 0..<tileWidth {
                    let column = mirrored(tile % tiles * tileWidth + x, width)
                    let row = mirrored(tile / tiles * tileHeight + y, height)
                    counts[rounded(column, row)] += 1
                }
            }
            let area = tileWidth * tileHeight
            let limit = max(Int(clip * Double(area) / Double(binCount)), 1)
            let excess = counts.reduce(0) { $0 + max($1 - limit, 0) }
            counts = counts.map { min($0, limit) + excess / binCount }
            let rest = excess % binCount
            let step = max(binCount / max(rest, 1), 1)
            for index in 0..<rest where index * step < binCount { counts[index * step] += 1 }
            var sum = 0
            return counts.map { count in
                sum += count
                return min((Double(sum) * white / Double(area)).rounded(), white)
            }
        }
        return mapped { x, y, channel in
            let sample = self[x, y, channel]
            if isAlpha(channel) { return sample }
            let luma = rounded(x, y)
            let column = Double(x) / Double(tileWidth) - 0.5
            let row = Double(y) / Double(tileHeight) - 0.5
            let (left, top) = (Int(column.rounded(.down)), Int(row.rounded(.down)))
            func table(_ i: Int, _ j: Int) -> Double {
                tables[min(max(j, 0), tiles - 1) * tiles + min(max(i, 0), tiles - 1)][luma]
            }
            let (right, down) = (column - Double(left), row - Double(top))
            let above = table(left, top) * (1 - right) + table(left + 1, top) * right
            let below = table(left, top + 1) * (1 - right) + table(left + 1, top + 1) * right
            let new = (above * (1 - down) + below * down).rounded()
            return min(max(sample + new - Double(luma), 0), white)
        }
    }
}
