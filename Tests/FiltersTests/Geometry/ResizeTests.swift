import Filters
import Images
import TestSupport
import Testing

@Suite("resize")
struct ResizeTests {
    @Test(
        "is the formula in doubles, to a level",
        arguments: Case.all,
        ["box", "triangle", "catmull-rom", "mitchell", "lanczos2", "lanczos3"])
    func formula(_ test: Case, kernel: String) throws {
        let weight = try #require(ReferenceImage.resamplingKernels[kernel])
        for (width, height) in [(17, 9), (3, 21), (40, 2)] {
            let specification =
                "resize:\(width)x\(height),fit=fill,upscale=yes,kernel=\(kernel)"
            for image in test.images {
                expectAgreement(
                    try filtered(image, [specification]),
                    ReferenceImage(image).mixed {
                        $0.resized(width: width, height: height, radius: 3, kernel: weight)
                    })
            }
        }
    }

    @Test(
        "is the formula where a ring of rows has no room, as floats and as whole numbers",
        arguments: [PixelFormat.gray8, .rgba8, .rgb16],
        [("lanczos3", 500, 400, 1), ("triangle", 1500, 90, 3)])
    func fewRows(format: PixelFormat, test: (kernel: String, width: Int, height: Int, rows: Int))
        throws
    {
        let kernel = try #require(ReferenceImage.resamplingKernels[test.kernel])
        let size = try #require(ImageSize(width: test.width, height: test.height))
        let image = TestImage.noise(format, size)
        let specification = "resize:11x\(test.rows),fit=fill,kernel=\(test.kernel)"
        expectAgreement(
            try filtered(image, [specification]),
            ReferenceImage(image).mixed {
                $0.resized(width: 11, height: test.rows, radius: 3, kernel: kernel)
            })
    }

    @Test(
        "gives the size that the geometry asks for",
        arguments: [
            ("50%", 50, 20), ("33x", 33, 13), ("x20", 50, 20), ("50x50", 50, 20),
            ("50x50,fit=fill", 50, 40), ("30x20,fit=cover", 30, 20), ("200x200", 100, 40),
            ("200x200,upscale=yes", 200, 80), ("150%,upscale=yes", 150, 60),
            ("50x80,fit=fill", 50, 40), ("0.1%", 1, 1), ("80x80,fit=cover", 80, 40),
        ])
    func geometry(specification: String, width: Int, height: Int) throws {
        let size = try #require(ImageSize(width: 100, height: 40))
        let layout = try #require(PixelLayout(size: size, format: .rgb8))
        let plan = try FilterChain(["resize:" + specification]).plan(for: layout)
        #expect(plan.result.size == ImageSize(width: width, height: height))
    }

    @Test("takes the nearest sample with kernel=nearest")
    func nearest() throws {
        let layout = try #require(
            ImageSize(width: 4, height: 1).flatMap { PixelLayout(size: $0, format: .gray8) })
        let image = TestImage(layout, samples: [10, 20, 30, 40])
        let result = try filtered(image, ["resize:2x1,fit=fill,kernel=nearest"])
        #expect(result.samples == [20, 40])
    }

    @Test("crops what covers the size where gravity says")
    func gravity() throws {
        let layout = try #require(
            ImageSize(width: 6, height: 2).flatMap { PixelLayout(size: $0, format: .gray8) })
        let image = TestImage(layout, samples: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
        let east = try filtered(image, ["resize:2x2,fit=cover,gravity=east"])
        #expect(east.samples == [5, 6, 11, 12])
        let center = try filtered(image, ["resize:2x2,fit=cover"])
        #expect(center.samples == [3, 4, 9, 10])
    }

    @Test(
        "leaves flat areas exactly as they are", arguments: [0, 1, 77, 128, 254, 255] as [UInt16])
    func flat(value: UInt16) throws {
        let image = TestImage.flat(.rgb8, ImageSize.odd[3], value: value << 8)
        let result = try filtered(image, ["resize:31x9,fit=fill"])
        #expect(result.samples.allSatisfy { $0 == value })
    }

    @Test("computes sizes from the original where the decoder shrank the image")
    func originalSize() throws {
        let shrunk = TestImage.shapes(.rgb8, ImageSize.odd[3])
        let result = try filtered(
            shrunk, ["resize:25%"], originalSize: ImageSize(width: 66, height: 33))
        #expect(result.layout.size == ImageSize(width: 17, height: 8))
    }
}
