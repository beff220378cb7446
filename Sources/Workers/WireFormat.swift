internal import Filters
internal import Images
internal import Profiling

/// The messages between a lane and its worker.
///
/// The parent says ``Opening``, the worker answers ``Ready``, and then each ``FilterRequest`` gets
/// one ``Reply``. Both ends are executables of one release on one machine: a different release is
/// refused by the first message, so there is no compatibility to keep.
enum WireFormat {
    /// Changed whenever a message changes.
    static let version = 1

    private static let magic = "pixloom-wire"

    /// The worker's first message: who it is.
    struct Ready: Hashable {
        var wireVersion = WireFormat.version
        var release = Release.version

        func encoded() -> [UInt8] {
            var message = MessageWriter()
            message.write(WireFormat.magic)
            message.write(wireVersion)
            message.write(release)
            return message.bytes
        }

        init() {}

        /// Reads any release's message: this much of it never changes.
        init?(_ bytes: [UInt8]) {
            var message = MessageReader(bytes)
            guard message.readText() == WireFormat.magic,
                let wireVersion = message.readInteger(as: Int.self),
                let release = message.readText()
            else { return nil }
            self.wireVersion = wireVersion
            self.release = release
        }
    }

    /// The parent's first message: what does not change from image to image.
    struct Opening: Hashable {
        var wireVersion = WireFormat.version
        var release = Release.version
        var reservedByteCount: Int
        var isLinear: Bool
        var filters: [String]

        init(reservedByteCount: Int, isLinear: Bool, filters: [String]) {
            self.reservedByteCount = reservedByteCount
            self.isLinear = isLinear
            self.filters = filters
        }

        func encoded() -> [UInt8] {
            var message = MessageWriter()
            message.write(WireFormat.magic)
            message.write(wireVersion)
            message.write(release)
            message.write(reservedByteCount)
            message.write(isLinear ? 1 : 0)
            message.write(filters.count)
            for filter in filters { message.write(filter) }
            return message.bytes
        }

        init?(_ bytes: [UInt8]) {
            var message = MessageReader(bytes)
            guard message.readText() == WireFormat.magic,
                message.readInteger(as: Int.self) == WireFormat.version,
                message.readText() == Release.version,
                let reservedByteCount = message.readInteger(as: Int.self),
                let isLinear = message.readInteger(as: Int.self),
                let filterCount = message.readInteger(as: Int.self)
            else { return nil }
            var filters: [String] = []
            while filters.count < filterCount {
                guard let filter = message.readText() else { return nil }
                filters.append(filter)
            }
            guard message.isAtEnd else { return nil }
            self.init(
                reservedByteCount: reservedByteCount, isLinear: isLinear == 1, filters: filters)
        }
    }

    /// A numbered request.
    struct NumberedRequest: Hashable {
        var number: UInt64
        var request: FilterRequest

        func encoded() -> [UInt8] {
            var message = MessageWriter()
            message.write(number)
            message.write(request.source.width)
            message.write(request.source.height)
            message.write(request.source.format.rawValue)
            message.write(request.orientation.rawValue)
            message.write(request.originalSize.width)
            message.write(request.originalSize.height)
            message.write(request.resultFormat.rawValue)
            message.write(request.background.red)
            message.write(request.background.green)
            message.write(request.background.blue)
            message.write(request.background.alpha)
            message.write(request.pixelLimit)
            return message.bytes
        }

        init(number: UInt64, request: FilterRequest) {
            self.number = number
            self.request = request
        }

        init?(_ bytes: [UInt8]) {
            var message = MessageReader(bytes)
            guard let number = message.readInteger(as: UInt64.self),
                let source = message.readLayout(),
                let orientation = message.readInteger(as: UInt8.self)
                    .flatMap(Orientation.init(rawValue:)),
                let originalSize = message.readSize(),
                let resultFormat = message.readInteger(as: UInt8.self)
                    .flatMap(PixelFormat.init(rawValue:)),
                let red = message.readInteger(as: UInt8.self),
                let green = message.readInteger(as: UInt8.self),
                let blue = message.readInteger(as: UInt8.self),
                let alpha = message.readInteger(as: UInt8.self),
                let pixelLimit = message.readInteger(as: Int.self),
                message.isAtEnd
            else { return nil }
            self.number = number
            request = FilterRequest(
                source: source, orientation: orientation, originalSize: originalSize,
                resultFormat: resultFormat,
                background: Color(red: red, green: green, blue: blue, alpha: alpha),
                pixelLimit: pixelLimit)
        }
    }

    /// How a request ended.
    enum Reply: Hashable {
        /// The result lies in the segment; its layout, and when the filters ran.
        case finished(number: UInt64, FilterRun)

        /// A filter cannot be applied to the image, for this reason.
        case refused(number: UInt64, reason: String)

        func encoded() -> [UInt8] {
            var message = MessageWriter()
            switch self {
            case .finished(let number, let run):
                message.write(0)
                message.write(number)
                message.write(run.result.width)
                message.write(run.result.height)
                message.write(run.result.format.rawValue)
                message.write(run.start.nanoseconds)
                message.write(run.end.nanoseconds)
            case .refused(let number, let reason):
                message.write(1)
                message.write(number)
                message.write(String(reason.prefix(1000)))
            }
            return message.bytes
        }

        init?(_ bytes: [UInt8]) {
            var message = MessageReader(bytes)
            guard let kind = message.readInteger(as: Int.self),
                let number = message.readInteger(as: UInt64.self)
            else { return nil }
            switch kind {
            case 0:
                guard let result = message.readLayout(),
                    let start = message.readInteger(as: Int64.self),
                    let end = message.readInteger(as: Int64.self), start <= end
                else { return nil }
                self = .finished(
                    number: number,
                    FilterRun(
                        result: result, start: MonotonicInstant(nanoseconds: start),
                        end: MonotonicInstant(nanoseconds: end)))
            case 1:
                guard let reason = message.readText() else { return nil }
                self = .refused(number: number, reason: reason)
            default:
                return nil
            }
            guard message.isAtEnd else { return nil }
        }
    }
}

extension MessageReader {
    fileprivate mutating func readSize() -> ImageSize? {
        guard let width = readInteger(as: Int.self), let height = readInteger(as: Int.self) else {
            return nil
        }
        return ImageSize(width: width, height: height)
    }

    fileprivate mutating func readLayout() -> PixelLayout? {
        guard let size = readSize(),
            let format = readInteger(as: UInt8.self).flatMap(PixelFormat.init(rawValue:))
        else { return nil }
        return PixelLayout(size: size, format: format)
    }
}
