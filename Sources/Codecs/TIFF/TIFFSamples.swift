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

    /// A part of a row: where its samples are stored, and where its pixels belong.
    struct Run {
        /// The number of pixels.
        let count: Int

        /// The offset in the block of the first pixel's byte.
        let start: Int

        /// The plane that the block is of; 0 if all samples lie side by side.
        let plane: Int

        /// Where the first pixel begins in memory.
        let offset: Int
    }

    /// Places the pixels of a run in memory.
    func place(_ run: Run, from block: [UInt8], into pixels: inout MutableRawSpan) {
        switch page.color {
        case .palette: placeColors(run, from: block, into: &pixels)
        case .ink: placeInk(run, from: block, into: &pixels)
        case .gray, .invertedGray, .rgb:
            if page.bitsPerSample < 8 {
                placeSmallGray(run, from: block, into: &pixels)
            } else if isStoredAsPixels {
                copy(run, from: block, into: &pixels)
            } else {
                placeChannels(run, from: block, into: &pixels)
            }
        }
    }

    private func placeColors(_ run: Run, from block: [UInt8], into pixels: inout MutableRawSpan) {
        for x in 0..<run.count {
            let color = palette[Int(smallSample(x, of: block, at: run.start))]
            for channel in 0..<3 {
                pixels.storeBytes(
                    of: color[channel], toByteOffset: run.offset + 3 * x + channel, as: UInt8.self)
            }
        }
    }

    private func placeInk(_ run: Run, from block: [UInt8], into pixels: inout MutableRawSpan) {
        for x in 0..<run.count {
            let first = run.start + x * page.samplesPerPixel
            let light = 255 - UInt16(block[first + 3])
            for channel in 0..<3 {
                let product = (255 - UInt16(block[first + channel])) * light
                pixels.storeBytes(
                    of: UInt8((product + 127) / 255), toByteOffset: run.offset + 3 * x + channel,
                    as: UInt8.self)
            }
        }
    }

    private func placeSmallGray(
        _ run: Run, from block: [UInt8], into pixels: inout MutableRawSpan
    ) {
        let factor = UInt8(255 / (1 << page.bitsPerSample - 1))
        for x in 0..<run.count {
            let gray = smallSample(x, of: block, at: run.start) * factor
            pixels.storeBytes(of: gray, toByteOffset: run.offset + x, as: UInt8.self)
        }
    }

    private func copy(_ run: Run, from block: [UInt8], into pixels: inout MutableRawSpan) {
        let byteCount = run.count * page.layout.format.bytesPerPixel
        unsafe block[run.start..<run.start + byteCount].withUnsafeBytes { stored in
            unsafe pixels.withUnsafeMutableBytes { pixels in
                let place = unsafe UnsafeMutableRawBufferPointer(rebasing: pixels[run.offset...])
                unsafe place.copyMemory(from: stored)
            }
        }
    }

    /// Places samples between which others lie that are left out, or those of one plane.
    private func placeChannels(
        _ run: Run, from block: [UInt8], into pixels: inout MutableRawSpan
    ) {
        let format = page.layout.format
        let storedStride = page.samplesSideBySide * format.bytesPerSample
        let channels = page.isPlanar ? run.plane..<run.plane + 1 : 0..<format.channelCount
        for x in 0..<run.count {
            for (position, channel) in channels.enumerated() {
                let stored = run.start + x * storedStride + position * format.bytesPerSample
                let placed =
                    run.offset + x * format.bytesPerPixel + channel * format.bytesPerSample
                for byte in 0..<format.bytesPerSample {
                    pixels.storeBytes(
                        of: block[stored + byte], toByteOffset: placed + byte, as: UInt8.self)
                }
            }
        }
    }

    /// Whether the stored samples are those of pixels, in their order.
    private var isStoredAsPixels: Bool {
        !page.isPlanar && page.samplesPerPixel == page.layout.format.channelCount
    }

    /// A sample of up to 8 bits, the first in the highest bits of its byte.
    private func smallSample(_ x: Int, of block: [UInt8], at start: Int) -> UInt8 {
        let bits = page.bitsPerSample
        let first = x * page.samplesSideBySide * bits
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
