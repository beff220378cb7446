internal import Filters
internal import Images
internal import Profiling
internal import SystemCalls

/// The messages between a lane and its worker.
///
/// The parent says ``Opening``, the worker answers ``Ready`` once it can work, and then each
/// ``NumberedRequests`` get one ``Reply``. Both ends are executables of one release on one machine:
/// a different release is refused by the first message, so there is no compatibility to keep.
package enum WireFormat {
    /// Changed whenever a message changes.
    package static let version = 3

    /// The most bytes of an ``Opening``, which grows with the filters.
    package static let largestOpening = MessageSocket.largestMessage

    /// The most bytes of any other message.
    package static let largestMessage = 4096

    /// The most steps in a reply: 16 bytes each, and the rest of the message.
    static let largestStepCount = 192

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

    /// The requests of a ``FilterGroup`` under one number.
    package struct NumberedRequests: Hashable {
        package var number: UInt64

        /// At least 1 and at most ``FilterGroup/largestCount``.
        package var requests: [FilterRequest]

        package init(number: UInt64, requests: [FilterRequest]) {
            self.number = number
            self.requests = requests
        }

        package func encoded() -> [UInt8] {
            var message = MessageWriter()
            message.write(number)
            message.write(requests.count)
            for request in requests { message.write(request) }
            return message.bytes
        }

        package init?(_ bytes: [UInt8]) {
            var message = MessageReader(bytes)
            guard let number = message.readInteger(as: UInt64.self),
                let requests = message.readGroup({ $0.readRequest() }), message.isAtEnd
            else { return nil }
            self.init(number: number, requests: requests)
        }
    }

    /// How requests ended.
    package enum Reply: Hashable {
        /// The results lie in the segment; their layouts, and when the filters ran.
        case finished(number: UInt64, [FilterRun])

        /// A filter cannot be applied to one of the images, for this reason.
        case refused(number: UInt64, reason: String)

        package func encoded() -> [UInt8] {
            var message = MessageWriter()
            switch self {
            case .finished(let number, let runs):
                message.write(0)
                message.write(number)
                message.write(runs.count)
                for run in runs { message.write(run) }
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
                guard let runs = message.readGroup({ $0.readRun() }) else { return nil }
                self = .finished(number: number, runs)
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

extension MessageWriter {
    fileprivate mutating func write(_ request: FilterRequest) {
        write(request.source)
        write(request.orientation.rawValue)
        write(request.originalSize)
        write(request.resultFormat.rawValue)
        write(request.background.red)
        write(request.background.green)
        write(request.background.blue)
        write(request.background.alpha)
        write(request.pixelLimit)
    }

    fileprivate mutating func write(_ run: FilterRun) {
        write(run.result)
        write(run.start.nanoseconds)
        write(run.end.nanoseconds)
        write(run.steps.count)
        for step in run.steps {
            write(step.filterIndex)
            write(step.end.nanoseconds)
        }
    }

    private mutating func write(_ layout: PixelLayout) {
        write(layout.size)
        write(layout.format.rawValue)
    }

    private mutating func write(_ size: ImageSize) {
        write(size.width)
        write(size.height)
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

    /// As many elements as announced, of which a group has at least one.
    fileprivate mutating func readGroup<Element>(
        _ readElement: (inout MessageReader) -> Element?
    ) -> [Element]? {
        guard let count = readInteger(as: Int.self), (1...FilterGroup.largestCount).contains(count)
        else { return nil }
        var elements: [Element] = []
        while elements.count < count {
            guard let element = readElement(&self) else { return nil }
            elements.append(element)
        }
        return elements
    }

    fileprivate mutating func readRequest() -> FilterRequest? {
        guard let source = readLayout(),
            let orientation = readInteger(as: UInt8.self).flatMap(Orientation.init(rawValue:)),
            let originalSize = readSize(),
            let resultFormat = readInteger(as: UInt8.self).flatMap(PixelFormat.init(rawValue:)),
            let red = readInteger(as: UInt8.self),
            let green = readInteger(as: UInt8.self),
            let blue = readInteger(as: UInt8.self),
            let alpha = readInteger(as: UInt8.self),
            let pixelLimit = readInteger(as: Int.self)
        else { return nil }
        return FilterRequest(
            source: source, orientation: orientation, originalSize: originalSize,
            resultFormat: resultFormat,
            background: Color(red: red, green: green, blue: blue, alpha: alpha),
            pixelLimit: pixelLimit)
    }

    fileprivate mutating func readRun() -> FilterRun? {
        guard let result = readLayout(),
            let start = readInteger(as: Int64.self),
            let end = readInteger(as: Int64.self), start <= end,
            let steps = readSteps()
        else { return nil }
        return FilterRun(
            result: result, start: MonotonicInstant(nanoseconds: start),
            end: MonotonicInstant(nanoseconds: end), steps: steps)
    }

    private mutating func readSize() -> ImageSize? {
        guard let width = readInteger(as: Int.self), let height = readInteger(as: Int.self) else {
            return nil
        }
        return ImageSize(width: width, height: height)
    }

    /// As many steps as announced; a message that announces more than it holds is none.
    private mutating func readSteps() -> [FilterRun.Step]? {
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

    private mutating func readLayout() -> PixelLayout? {
        guard let size = readSize(),
            let format = readInteger(as: UInt8.self).flatMap(PixelFormat.init(rawValue:))
        else { return nil }
        return PixelLayout(size: size, format: format)
    }
}
