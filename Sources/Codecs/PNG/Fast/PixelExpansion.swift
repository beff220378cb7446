/// How stored rows become pixels in memory, where they are not the same bytes.
enum PixelExpansion {
    /// 16-bit samples: from big-endian to the order of the machine.
    case swap(channelCount: Int)

    /// Gray of 1, 2 or 4 bits to 8.
    case gray(bitDepth: Int)

    /// Indices of 1 to 8 bits to colours, red in the lowest byte; of 4 bytes if `hasAlpha`.
    case palette(bitDepth: Int, colors: [UInt32], hasAlpha: Bool)

    /// Gray or RGB to the same with alpha, 0 where the stored samples are `transparent`.
    case alpha(bitDepth: Int, transparent: [UInt16])

    /// Decides what an image needs; nil if its bytes are right as they are.
    init?(_ file: PNGFile, in bytes: borrowing Span<UInt8>) {
        let bitDepth = file.header.bitDepth
        switch (file.header.colorType, file.transparency) {
        case (.palette, let alpha):
            guard let palette = file.palette else { return nil }
            var colors: [UInt32] = []
            for i in 0..<palette.count / 3 {
                let start = palette.lowerBound + 3 * i
                var color = UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8
                color |= UInt32(bytes[start + 2]) << 16
                if let alpha, i < alpha.count {
                    color |= UInt32(bytes[alpha.lowerBound + i]) << 24
                } else {
                    color |= 0xFF00_0000
                }
                colors.append(color)
            }
            self = .palette(bitDepth: bitDepth, colors: colors, hasAlpha: alpha != nil)
        case (.gray, let key?), (.rgb, let key?):
            let transparent = stride(from: key.lowerBound, to: key.upperBound, by: 2)
                .map { UInt16(bytes.bigEndian16(at: $0)) }
            self = .alpha(bitDepth: bitDepth, transparent: transparent)
        case _ where bitDepth == 16:
            self = .swap(channelCount: file.header.colorType.channelCount)
        case _ where bitDepth < 8: self = .gray(bitDepth: bitDepth)
        default: return nil
        }
    }

    /// Expands one row.
    ///
    /// - Parameters:
    ///   - stored: The row as it is in the file, filter undone.
    ///   - samples: Room for `width` bytes.
    ///   - output: Receives `width` pixels.
    ///   - width: The pixels in the row.
    /// - Returns: False for an index that the palette does not have.
    func expand(
        _ stored: UnsafePointer<UInt8>, samples: UnsafeMutablePointer<UInt8>,
        to output: UnsafeMutablePointer<UInt8>, width: Int
    ) -> Bool {
        switch self {
        case .swap(let channelCount):
            unsafe swapBytes(stored, to: output, sampleCount: width * channelCount)
        case .gray(let bitDepth):
            unsafe unpack(stored, bitDepth: bitDepth, to: output, count: width)
            let factor = UInt8(255 / ((1 << bitDepth) - 1))
            for x in 0..<width { unsafe output[x] &*= factor }
        case .palette(let bitDepth, let colors, let hasAlpha):
            unsafe unpack(stored, bitDepth: bitDepth, to: samples, count: width)
            return unsafe lookUp(samples, in: colors, hasAlpha: hasAlpha, to: output, count: width)
        case .alpha(bitDepth: 16, let transparent):
            unsafe addAlpha16(stored, transparent: transparent, to: output, count: width)
        case .alpha(bitDepth: 8, let transparent):
            unsafe addAlpha8(stored, transparent: transparent, factor: 1, to: output, count: width)
        case .alpha(let bitDepth, let transparent):
            unsafe unpack(stored, bitDepth: bitDepth, to: samples, count: width)
            unsafe addAlpha8(
                samples, transparent: transparent, factor: UInt8(255 / ((1 << bitDepth) - 1)),
                to: output, count: width)
        }
        return true
    }
}

/// Exchanges the two bytes of each sample.
func swapBytes(
    _ stored: UnsafePointer<UInt8>, to output: UnsafeMutablePointer<UInt8>, sampleCount: Int
) {
    // Bytes rather than loads of UInt16: no alignment is promised, and it vectorises as well.
    for i in 0..<sampleCount {
        let (high, low) = unsafe (stored[2 * i], stored[2 * i + 1])
        unsafe output[2 * i] = low
        unsafe output[2 * i + 1] = high
    }
}

/// Spreads samples of 1, 2, 4 or 8 bits over bytes, the first from the highest bits.
private func unpack(
    _ stored: UnsafePointer<UInt8>, bitDepth: Int, to samples: UnsafeMutablePointer<UInt8>,
    count: Int
) {
    if bitDepth == 8 { return unsafe samples.update(from: stored, count: count) }
    let samplesPerByte = 8 / bitDepth
    let mask = UInt8((1 << bitDepth) - 1)
    for x in 0..<count {
        let shift = 8 - bitDepth * (x % samplesPerByte + 1)
        unsafe samples[x] = stored[x / samplesPerByte] &>> UInt8(shift) & mask
    }
}

/// Writes the colours of indices; false if one is beyond the palette.
private func lookUp(
    _ indices: UnsafePointer<UInt8>, in colors: [UInt32], hasAlpha: Bool,
    to output: UnsafeMutablePointer<UInt8>, count: Int
) -> Bool {
    var largest: UInt8 = 0
    for x in 0..<count { unsafe largest = max(largest, indices[x]) }
    guard Int(largest) < colors.count else { return false }
    unsafe colors.withUnsafeBufferPointer { colors in
        for x in 0..<count {
            let color = unsafe colors[Int(indices[x])]
            if hasAlpha {
                unsafe UnsafeMutableRawPointer(output + 4 * x).storeBytes(
                    of: color, as: UInt32.self)
            } else {
                unsafe output[3 * x] = UInt8(truncatingIfNeeded: color)
                unsafe output[3 * x + 1] = UInt8(truncatingIfNeeded: color >> 8)
                unsafe output[3 * x + 2] = UInt8(truncatingIfNeeded: color >> 16)
            }
        }
    }
    return true
}

/// Adds alpha to pixels of 8-bit samples, and scales those by `factor`.
private func addAlpha8(
    _ samples: UnsafePointer<UInt8>, transparent: [UInt16], factor: UInt8,
    to output: UnsafeMutablePointer<UInt8>, count: Int
) {
    let channelCount = transparent.count
    for x in 0..<count {
        var isTransparent = true
        for channel in 0..<channelCount {
            let sample = unsafe samples[x * channelCount + channel]
            isTransparent = isTransparent && UInt16(sample) == transparent[channel]
            unsafe output[x * (channelCount + 1) + channel] = sample &* factor
        }
        unsafe output[x * (channelCount + 1) + channelCount] = isTransparent ? 0 : 255
    }
}

/// Adds alpha to pixels of big-endian 16-bit samples, and puts them in the order of the machine.
private func addAlpha16(
    _ stored: UnsafePointer<UInt8>, transparent: [UInt16],
    to output: UnsafeMutablePointer<UInt8>, count: Int
) {
    let channelCount = transparent.count
    let output = UnsafeMutableRawPointer(output)
    for x in 0..<count {
        var isTransparent = true
        for channel in 0..<channelCount {
            let i = 2 * (x * channelCount + channel)
            let sample = unsafe UInt16(stored[i]) << 8 | UInt16(stored[i + 1])
            isTransparent = isTransparent && sample == transparent[channel]
            unsafe output.storeBytes(
                of: sample, toByteOffset: 2 * (x * (channelCount + 1) + channel), as: UInt16.self)
        }
        unsafe output.storeBytes(
            of: isTransparent ? 0 : .max,
            toByteOffset: 2 * (x * (channelCount + 1) + channelCount), as: UInt16.self)
    }
}
