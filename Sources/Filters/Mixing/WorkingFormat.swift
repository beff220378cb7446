internal import Images

/// How samples are prepared for filters that mix pixels, and made samples again after.
///
/// Mixing happens on premultiplied colour, because the colour of a transparent pixel must not
/// show, and in linear light if that is asked for: decoded first, then multiplied.
struct WorkingFormat: Sendable {
    private let channelCount: Int
    private let hasAlpha: Bool
    private let curve: TransferCurve?

    init(of format: PixelFormat, isLinear: Bool) {
        channelCount = format.channelCount
        hasAlpha = format.hasAlpha
        curve = isLinear ? TransferCurve(bitsPerSample: format.bitsPerSample) : nil
    }

    /// Whether samples are taken as they are.
    var isPlain: Bool { !hasAlpha && curve == nil }

    /// Reads a row of samples into working samples.
    func prepare<Sample: PixelSample, Working: WorkingSample>(
        _ samples: Row<Sample>, into working: Row<Working>
    ) {
        guard !isPlain else {
            for index in 0..<samples.count { working[index] = Working(samples[index]) }
            return
        }
        let white = Float(Sample.max)
        for pixel in stride(from: 0, to: samples.count, by: channelCount) {
            let last = pixel + channelCount - 1
            let opacity = hasAlpha ? Float(Int32(samples[last])) / white : 1
            for index in pixel..<(hasAlpha ? last : last + 1) {
                let light = curve?.linear(samples[index]) ?? Float(Int32(samples[index]))
                working[index] = Working(value: light * opacity)
            }
            if hasAlpha { working[last] = Working(samples[last]) }
        }
    }

    /// Reads a row of samples into whole numbers up to 65535.
    func prepareWhole<Sample: PixelSample>(_ samples: Row<Sample>, into working: Row<UInt16>) {
        let white = Float(Sample.max)
        let scale = 65535 / white
        for pixel in stride(from: 0, to: samples.count, by: channelCount) {
            let last = pixel + channelCount - 1
            let opacity = hasAlpha ? Float(Int32(samples[last])) / white * scale : scale
            for index in pixel..<(hasAlpha ? last : last + 1) {
                let light = curve?.linear(samples[index]) ?? Float(Int32(samples[index]))
                working[index] = UInt16(truncatingIfNeeded: Int32(nearestTo: light * opacity))
            }
            if hasAlpha {
                working[last] = UInt16(
                    truncatingIfNeeded: Int32(nearestTo: Float(Int32(samples[last])) * scale))
            }
        }
    }

    /// Writes a row of working samples, which may be lost, as samples.
    func finish<Sample: PixelSample, Working: WorkingSample>(
        _ working: Row<Working>, into samples: Row<Sample>
    ) {
        guard !isPlain else {
            for index in 0..<samples.count {
                samples[index] = working[index].rounded(to: Sample.self)
            }
            return
        }
        if !hasAlpha, let curve, let light = working as? Row<Float> {
            return curve.encode(light, into: samples)
        }
        let white = Float(Sample.max)
        for pixel in stride(from: 0, to: samples.count, by: channelCount) {
            let last = pixel + channelCount - 1
            let alpha = hasAlpha ? working[last].value : white
            let factor = alpha > 0 ? white / alpha : 0
            for index in pixel..<(hasAlpha ? last : last + 1) {
                let light = working[index].value * factor
                let value = curve?.encoded(light, white: white) ?? light
                samples[index] = Float(value: value).rounded(to: Sample.self)
            }
            if hasAlpha { samples[last] = working[last].rounded(to: Sample.self) }
        }
    }
}
