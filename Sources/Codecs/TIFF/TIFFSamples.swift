internal import Images

/// Turns runs of stored samples into pixels.
struct TIFFSamples {
    private let page: TIFFPage
    private let palette: [SIMD4<UInt8>]

    /// Takes the colours of `palette` for indices, black for those beyond.
    init(of page: TIFFPage, palette: [SIMD4<UInt8>]) {
        self.page = page
        self.palette = palette
    }

    /// Places `count` pixels of one row in memory.
    ///
    /// - Parameters:
    ///   - count: The number of pixels.
    ///   - block: The stored samples of one plane; rows begin at whole bytes.
    ///   - start: The offset in `block` of the first pixel's byte.
    ///   - plane: The plane that `block` is of; 0 if all samples lie side by side.
    ///   - pixels: Receives the samples.
    ///   - offset: Where the first pixel begins in `pixels`.
    func place(
        _ count: Int, from block: [UInt8], at start: Int, plane: Int,
        into pixels: inout MutableRawSpan, at offset: Int
    ) {
        let bytesPerPixel = page.layout.format.bytesPerPixel
        switch page.color {
        case .palette:
            for x in 0..<count {
                let color = palette[Int(smallSample(x, of: block, at: start))]
                for channel in 0..<3 {
                    pixels.storeBytes(
                        of: color[channel], toByteOffset: offset + 3 * x + channel, as: UInt8.self)
                }
            }
        case .ink:
            for x in 0..<count {
                let first = start + x * page.samplesPerPixel
                let light = 255 - UInt16(block[first + 3])
                for channel in 0..<3 {
                    let product = (255 - UInt16(block[first + channel])) * light
                    pixels.storeBytes(
                        of: UInt8((product + 127) / 255), toByteOffset: offset + 3 * x + channel,
                        as: UInt8.self)
                }
            }
        case .gray where page.bitsPerSample < 8, .invertedGray where page.bitsPerSample < 8:
            let factor = 255 / (1 << page.bitsPerSample - 1)
            for x in 0..<count {
                let gray = smallSample(x, of: block, at: start) * UInt8(factor)
                pixels.storeBytes(of: gray, toByteOffset: offset + x, as: UInt8.self)
            }
        case .gray, .invertedGray, .rgb:
            let bytesPerSample = page.layout.format.bytesPerSample
            let storedStride = (page.isPlanar ? 1 : page.samplesPerPixel) * bytesPerSample
            let channels = page.isPlanar ? plane..<plane + 1 : 0..<page.layout.format.channelCount
            for x in 0..<count {
                for channel in channels {
                    let stored =
                        start + x * storedStride + (page.isPlanar ? 0 : channel * bytesPerSample)
                    let placed = offset + x * bytesPerPixel + channel * bytesPerSample
                    for byte in 0..<bytesPerSample {
                        pixels.storeBytes(
                            of: block[stored + byte], toByteOffset: placed + byte, as: UInt8.self)
                    }
                }
            }
        }
    }

    /// A sample of up to 8 bits, the first in the highest bits of its byte.
    private func smallSample(_ x: Int, of block: [UInt8], at start: Int) -> UInt8 {
        let bits = page.bitsPerSample
        let first = x * page.samplesPerPixel * bits
        let byte = block[start + first / 8]
        return (byte << UInt8(first % 8)) >> UInt8(8 - bits)
    }

    /// Makes zero black and alpha straight in a row whose samples are all there.
    func finish(row: Range<Int>, of pixels: inout MutableRawSpan) {
        if page.color == .invertedGray {
            let bytesPerPixel = page.layout.format.bytesPerPixel
            for offset in stride(from: row.lowerBound, to: row.upperBound, by: bytesPerPixel) {
                for byte in 0..<page.layout.format.bytesPerSample {
                    let sample = unsafe pixels.bytes.unsafeLoad(
                        fromByteOffset: offset + byte, as: UInt8.self)
                    pixels.storeBytes(of: ~sample, toByteOffset: offset + byte, as: UInt8.self)
                }
            }
        }
        guard page.alpha == .premultiplied else { return }
        if page.layout.format.bytesPerSample == 1 {
            divideByAlpha(row, of: &pixels, as: UInt8.self)
        } else {
            divideByAlpha(row, of: &pixels, as: UInt16.self)
        }
    }

    private func divideByAlpha<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ row: Range<Int>, of pixels: inout MutableRawSpan, as _: Sample.Type
    ) {
        let bytesPerSample = MemoryLayout<Sample>.size
        let channelCount = page.layout.format.channelCount
        for pixel in stride(
            from: row.lowerBound, to: row.upperBound, by: page.layout.format.bytesPerPixel)
        {
            let alphaOffset = pixel + (channelCount - 1) * bytesPerSample
            let alpha = unsafe Int(
                pixels.bytes.unsafeLoad(fromByteOffset: alphaOffset, as: Sample.self))
            guard alpha > 0 else { continue }
            for offset in stride(from: pixel, to: alphaOffset, by: bytesPerSample) {
                let sample = unsafe Int(
                    pixels.bytes.unsafeLoad(fromByteOffset: offset, as: Sample.self))
                let straight = (sample * Int(Sample.max) + alpha / 2) / alpha
                pixels.storeBytes(
                    of: Sample(clamping: straight), toByteOffset: offset, as: Sample.self)
            }
        }
    }
}
