internal import Codecs
internal import Filters
internal import Images
internal import Profiling
internal import Workers

/// All that is decided about an image from its header, before a pixel is decoded.
struct Preparation {
    /// What the source's header says.
    let header: ImageHeader

    /// Reads the source.
    let decoder: any Codec

    /// Writes the result.
    let encoder: any Codec

    /// By how much the decoder divides the sides.
    let shrink: Int

    /// What an executor is asked to do.
    let request: FilterRequest

    /// The steps of the request and their memory.
    let plan: FilterPlan

    /// Reads the header and plans the chain.
    ///
    /// - Parameters:
    ///   - bytes: The source's file.
    ///   - recipe: What is to be made of it.
    ///   - output: The format of the result; nil means the source's.
    ///   - plans: Those of the recipe's chain.
    /// - Throws: ``ImageFailure`` if the header is not readable or the chain not applicable.
    init(
        _ bytes: [UInt8], recipe: Recipe, output: ImageFormat?, plans: inout RecentPlans
    ) throws(ImageFailure) {
        do throws(CodecError) {
            decoder = try CodecTable.codec(forFirstBytes: bytes.span)
            header = try decoder.probe(
                bytes.span, limits: DecodeLimits(pixelCount: recipe.pixelLimit))
        } catch {
            throw ImageFailure(.decode, error)
        }
        let chain = recipe.chain
        shrink = chain.shrink(
            for: header.layout.size, orientation: header.orientation, offered: header.shrinks,
            preferred: header.preferredShrink)
        let wanted = chain.resultFormat(for: header.layout.format)
        let resultFormat: PixelFormat
        do throws(CodecError) {
            encoder = try CodecTable.codec(for: output ?? header.format)
            guard let format = encoder.formatToEncode(wanted) else {
                throw .unsupported(encoder.format, "writing")
            }
            resultFormat = format
        } catch {
            throw ImageFailure(.encode, error)
        }
        request = FilterRequest(
            source: header.layout(shrunkBy: shrink), orientation: header.orientation,
            originalSize: header.layout.size, resultFormat: resultFormat,
            background: recipe.background, pixelLimit: recipe.pixelLimit)
        do {
            plan = try plans.plan(for: request)
        } catch {
            throw ImageFailure(error)
        }
    }

    /// The image memory that the conversion takes at a time: pixels and what filters work in.
    var byteCount: Int { plan.byteCount + plan.scratchByteCount }
}
