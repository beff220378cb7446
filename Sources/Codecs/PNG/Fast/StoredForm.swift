internal import Images

/// How pixels are stored in a PNG: colour type, bit depth and palette, and the way there.
struct StoredForm {
    /// The colour type and the bit depth.
    private(set) var header: PNGHeader

    /// The colours that indices stand for, those with alpha first.
    private(set) var palette: [UInt32] = []

    private var packing: Packing

    /// What is done to a row of pixels.
    private enum Packing {
        /// Nothing: the bytes are right as they lie.
        case none
        /// 16-bit samples become big-endian.
        case swap
        /// Of each pixel these bytes are kept, in this order.
        case select([Int])
        /// The same, which leaves one gray byte, and of that its highest bits.
        case gray(from: Int)
        /// The pixel's colour becomes its index.
        case index(ColorTable)
    }

    /// The form that keeps the format of the pixels.
    init(of layout: PixelLayout) {
        header = PNGHeader(
            size: layout.size, bitDepth: layout.format.bitsPerSample,
            colorType: PNGHeader.ColorType(layout.format))
        packing = layout.format.bitsPerSample == 16 ? .swap : .none
    }

    /// The form that keeps only what is not the same for all pixels.
    ///
    /// - Parameters:
    ///   - layout: The format of the pixels.
    ///   - facts: What is known of them.
    ///   - grayBitDepth: 1, 2 or 4 where so many bits hold the samples of gray pixels, else 8.
    init(of layout: PixelLayout, facts: PixelFacts, grayBitDepth: Int) {
        var format = layout.format
        if facts.isGray { format = format.withoutColor }
        if facts.isOpaque { format = format.withoutAlpha }
        if facts.is8Bit { format = format.at8Bits }
        if format == layout.format && grayBitDepth == 8 {
            self = StoredForm(of: layout)
            return
        }
        let source = layout.format
        // Gray is any of the three colours; alpha is the last channel.
        let colors = format.isColor ? [0, 1, 2] : [0]
        let channels = format.hasAlpha ? colors + [source.channelCount - 1] : colors
        let offsets = channels.flatMap { channel in
            // The high byte of a 16-bit sample is the second in memory and the first in the file.
            let start = channel * source.bytesPerSample
            return format.bitsPerSample == 16 ? [start + 1, start] : [start]
        }
        let isPacked = format == .gray8 && grayBitDepth < 8
        header = PNGHeader(
            size: layout.size, bitDepth: isPacked ? grayBitDepth : format.bitsPerSample,
            colorType: PNGHeader.ColorType(format))
        packing = isPacked ? .gray(from: offsets[0]) : .select(offsets)
    }

    /// The form with a palette.
    ///
    /// - Parameters:
    ///   - layout: The format of the pixels.
    ///   - colors: The different colours of the image.
    init(of layout: PixelLayout, colors: [UInt32]) {
        // tRNS ends with the last colour that is not opaque.
        palette = colors.filter { $0 >> 24 != 255 } + colors.filter { $0 >> 24 == 255 }
        var table = ColorTable()
        for color in palette { _ = table.insert(color) }
        let bitDepth = [1, 2, 4].first { colors.count <= 1 << $0 } ?? 8
        header = PNGHeader(size: layout.size, bitDepth: bitDepth, colorType: .palette)
        packing = .index(table)
    }

    /// Whether ``pack(_:as:to:)`` would only copy.
    var isAsInMemory: Bool {
        if case .none = packing { true } else { false }
    }

    /// Brings a row of pixels into this form.
    ///
    /// - Parameters:
    ///   - row: The row, in the format of `layout`.
    ///   - layout: The one that the form was made for.
    ///   - output: Receives the bytes of a row of ``header``.
    func pack(
        _ row: UnsafePointer<UInt8>, as layout: PixelLayout, to output: UnsafeMutablePointer<UInt8>
    ) {
        let bytesPerPixel = layout.format.bytesPerPixel
        switch packing {
        case .none: unsafe output.update(from: row, count: layout.bytesPerRow)
        case .swap: unsafe swapBytes(row, to: output, sampleCount: layout.samplesPerRow)
        case .select(let offsets):
            for x in 0..<layout.width {
                for (i, offset) in offsets.enumerated() {
                    unsafe output[x * offsets.count + i] = row[x * bytesPerPixel + offset]
                }
            }
        case .gray(let offset):
            unsafe packBits(width: layout.width, to: output) { x in
                unsafe row[x * bytesPerPixel + offset] >> UInt8(8 - header.bitDepth)
            }
        case .index(let table):
            unsafe packBits(width: layout.width, to: output) { x in
                table.index(of: unsafe color(at: row + x * bytesPerPixel, format: layout.format))
            }
        }
    }

    /// Fills bytes with samples of the header's depth from the highest bits on; the bits after the
    /// last sample are 0.
    private func packBits(
        width: Int, to output: UnsafeMutablePointer<UInt8>, sample: (Int) -> UInt8
    ) {
        let samplesPerByte = 8 / header.bitDepth
        for start in stride(from: 0, to: width, by: samplesPerByte) {
            var byte: UInt8 = 0
            for x in start..<min(width, start + samplesPerByte) {
                byte |= sample(x) << UInt8(8 - header.bitDepth * (x - start + 1))
            }
            unsafe output[start / samplesPerByte] = byte
        }
    }
}

/// The colour of a pixel, red in the lowest byte and alpha in the highest; of 16-bit samples the
/// high bytes.
@inline(__always)
func color(at pixel: UnsafePointer<UInt8>, format: PixelFormat) -> UInt32 {
    let size = format.bytesPerSample
    func sample(_ channel: Int) -> UInt32 { unsafe UInt32(pixel[channel * size + size - 1]) }
    let alpha = format.hasAlpha ? sample(format.channelCount - 1) : 255
    return format.isColor
        ? sample(0) | sample(1) << 8 | sample(2) << 16 | alpha << 24
        : sample(0) &* 0x01_0101 | alpha << 24
}
