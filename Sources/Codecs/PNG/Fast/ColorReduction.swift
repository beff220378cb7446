internal import Images

/// Which forms of an image show the same pixels to every reader with fewer bytes.
enum ColorReduction {
    /// The forms worth trying: one without what is the same for all pixels, and a palette where the
    /// image has at most 256 colours.
    ///
    /// - Parameters:
    ///   - pixels: The rows of `layout`.
    ///   - layout: What they mean.
    ///   - hasProfile: Whether an ICC profile describes the pixels: it is for gray or for RGB, so
    ///     that the stored form must be the one or the other too.
    /// - Returns: One or two forms.
    static func forms(
        of pixels: UnsafePointer<UInt8>, layout: PixelLayout, hasProfile: Bool
    ) -> [StoredForm] {
        var facts = unsafe PixelFacts(pixels, layout: layout)
        if hasProfile && layout.format.isColor { facts.isGray = false }
        let colors = facts.is8Bit ? unsafe self.colors(of: pixels, layout: layout) : nil
        let grays = facts.isGray && facts.isOpaque ? colors : nil
        let reduced = StoredForm(
            of: layout, facts: facts, grayBitDepth: grays.map(grayBitDepth) ?? 8)
        guard let colors, !hasProfile || layout.format.isColor else { return [reduced] }
        let indexed = StoredForm(of: layout, colors: colors)
        return indexed.header.bitsPerPixel < reduced.header.bitsPerPixel
            ? [reduced, indexed] : [reduced]
    }

    /// The colours of an image, nil if there are more than 256.
    private static func colors(
        of pixels: UnsafePointer<UInt8>, layout: PixelLayout
    ) -> [UInt32]? {
        var table = ColorTable()
        var last: UInt32?
        let bytesPerPixel = layout.format.bytesPerPixel
        for start in stride(from: 0, to: layout.byteCount, by: bytesPerPixel) {
            let color = unsafe color(at: pixels + start, format: layout.format)
            if color == last { continue }
            guard table.insert(color) else { return nil }
            last = color
        }
        return table.colors
    }

    /// The fewest bits that hold all of these grays: a sample of n bits stands for the multiple of
    /// 255 / (2ⁿ − 1) that it counts (PNG, third edition, clause 13.12).
    private static func grayBitDepth(_ grays: [UInt32]) -> Int {
        [1, 2, 4].first { depth in
            grays.allSatisfy { ($0 & 255) % UInt32(255 / ((1 << depth) - 1)) == 0 }
        } ?? 8
    }
}
