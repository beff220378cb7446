import Images
import TestSupport
import Testing

@Suite("orientation, rotate and flip")
struct OrientTests {
    /// Where a pixel of the result comes from, after Exif 2.32, clause 4.6.4.
    static func source(
        _ orientation: Orientation, _ x: Int, _ y: Int, _ width: Int, _ height: Int
    ) -> (x: Int, y: Int) {
        switch orientation {
        case .topLeft: (x, y)
        case .topRight: (width - 1 - x, y)
        case .bottomRight: (width - 1 - x, height - 1 - y)
        case .bottomLeft: (x, height - 1 - y)
        case .leftTop: (y, x)
        case .rightTop: (y, height - 1 - x)
        case .rightBottom: (width - 1 - y, height - 1 - x)
        case .leftBottom: (width - 1 - y, x)
        }
    }

    static func turned(_ image: TestImage, _ orientation: Orientation) -> ReferenceImage {
        let source = ReferenceImage(image)
        return ReferenceImage(
            width: orientation.exchangesSides ? source.height : source.width,
            height: orientation.exchangesSides ? source.width : source.height,
            channelCount: source.channelCount, white: source.white
        ) { x, y, channel in
            let from = Self.source(orientation, x, y, source.width, source.height)
            return source[from.x, from.y, channel]
        }
    }

    @Test("are applied exactly", arguments: Case.all, Orientation.allCases)
    func orientation(_ test: Case, orientation: Orientation) throws {
        let image = test.images[0]
        expectAgreement(
            try filtered(image, [], orientation: orientation),
            Self.turned(image, orientation), levels: 0)
    }

    @Test(
        "name the turns",
        arguments: [
            ("rotate:90", .rightTop), ("rotate:180", .bottomRight), ("rotate:270", .leftBottom),
            ("flip:horizontal", .topRight), ("flip:vertical", .bottomLeft), ("rotate:0", .topLeft),
            ("rotate:-90", .leftBottom),
        ] as [(String, Orientation)])
    func filters(specification: String, orientation: Orientation) throws {
        let image = TestImage.noise(.rgb8, ImageSize.odd[3])
        expectAgreement(
            try filtered(image, [specification]), Self.turned(image, orientation), levels: 0)
    }
}
