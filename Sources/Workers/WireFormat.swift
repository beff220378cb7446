internal import Filters
internal import Images
internal import Profiling
internal import SystemCalls

/// The messages between a lane and its worker.
///
/// The parent says ``Opening``, the worker answers ``Ready`` once it can work, and then each
/// ``NumberedRequest`` gets one ``Reply``. Both ends are executables of one release on one machine:
/// a different release is refused by the first message, so there is no compatibility to keep.
package enum WireFormat {
    /// Changed whenever a message changes.
    package static let version = 2

    /// The most bytes of an ``Opening``, which grows with the filters.
    package static let largestOpening = MessageSocket.largestMessage

    /// The most bytes of any other message.
    package static let largestMessage = 4096

    /// The most steps in a reply: 16 bytes each, and the rest of the message.
    static let largestStepCount = 240

    private static let magic = "pixloom-wire"

    /// The worker's first message: who it is.
    package struct Ready: Hashable {
        package var wireVersion = WireFormat.version
        package var release = Release.version

        package func encoded() -> [UInt8] {
            var message = MessageWriter()
            message.write(WireFormat.magic)
            message.write(wireVersion)
            message.write(release)
            return message.bytes
        }

        package init() {}

        /// Reads any release's message: this much of it never changes.
        package init?(_ bytes: [UInt8]) {
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
    package struct Opening: Hashable {
        package var wireVersion = WireFormat.version
        package var release = Release.version
        package var reservedByteCount: Int
        package var isLinear: Bool
        package var filters: [String]

        package init(reservedByteCount: Int, isLinear: Bool, filters: [String]) {
            self.reservedByteCount = reservedByteCount
            self.isLinear = isLinear
            self.filters = filters
        }

        package func encoded() -> [UInt8] {
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

        package init?(_ bytes: [UInt8]) {
            var message = MessageReader(bytes)
            guard message.readText() == WireFormat.magic,
                message.readInteger(as: Int.self) == WireFormat.version,
                message.readText() == Release.version,
                let reservedByteCount = message.readInteger(as: Int.self),
                let isLinear = message.readBool(),
                let filterCount = message.readInteger(as: Int.self)
            else { return nil }
            var filters: [String] = []
            while filters.count < filterCount {
                guard let filter = message.readText() else { return nil }
                filters.append(filter)
            }
            guard message.isAtEnd else { return nil }
            self.init(
                reservedByteCount: reservedByteCount, isLinear: isLinear, filters: filters)
        }
    }

    /// A numbered request.
    package struct NumberedRequest: Hashable {
        package var number: UInt64
        package var request: FilterRequest

        package func encoded() -> [UInt8] {
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

        package init(number: UInt64, request: FilterRequest) {
            self.number = number
            self.request = request
        }

        package init?(_ bytes: [UInt8]) {
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
    package enum Reply: Hashable {
        /// The result lies in the segment; its layout, and when the filters ran.
        case finished(number: UInt64, FilterRun)

        /// A filter cannot be applied to the image, for this reason.
        case refused(number: UInt64, reason: String)

        package func encoded() -> [UInt8] {
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
                message.write(run.steps.count)
                for step in run.steps {
                    message.write(step.filterIndex)
                    message.write(step.end.nanoseconds)
                }
            case .refused(let number, let reason):
                message.write(1)
                message.write(number)
                message.write(String(decoding: reason.utf8.prefix(1000), as: UTF8.self))
            }
            return message.bytes
        }

        package init?(_ bytes: [UInt8]) {
            var message = MessageReader(bytes)
            guard let kind = message.readInteger(as: Int.self),
                let number = message.readInteger(as: UInt64.self)
            else { return nil }
            switch kind {
            case 0:
                guard let result = message.readLayout(),
                    let start = message.readInteger(as: Int64.self),
                    let end = message.readInteger(as: Int64.self), start <= end,
                    let steps = message.readSteps()
                else { return nil }
                self = .finished(
                    number: number,
                    FilterRun(
                        result: result, start: MonotonicInstant(nanoseconds: start),
                        end: MonotonicInstant(nanoseconds: end), steps: steps))
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
    fileprivate mutating func readBool() -> Bool? {
        switch readInteger(as: Int.self) {
        case 0: false
        case 1: true
        default: nil
        }
    }

    fileprivate mutating func readSize() -> ImageSize? {
        guard let width = readInteger(as: Int.self), let height = readInteger(as: Int.self) else {
            return nil
        }
        return ImageSize(width: width, height: height)
    }

    /// As many steps as announced; a message that announces more than it holds is none.
    fileprivate mutating func readSteps() -> [FilterRun.Step]? {
        guard let count = readInteger(as: Int.self),
            (0...WireFormat.largestStepCount).contains(count)
        else { return nil }
        var steps: [FilterRun.Step] = []
        while steps.count < count {
            guard let index = readInteger(as: Int.self), let end = readInteger(as: Int64.self)
            else { return nil }
            steps.append(
                FilterRun.Step(filterIndex: index, end: MonotonicInstant(nanoseconds: end)))
        }
        return steps
    }

    fileprivate mutating func readLayout() -> PixelLayout? {
        guard let size = readSize(),
            let format = readInteger(as: UInt8.self).flatMap(PixelFormat.init(rawValue:))
        else { return nil }
        return PixelLayout(size: size, format: format)
    }
}
