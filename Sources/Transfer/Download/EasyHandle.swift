internal import CCurl

/// One handle of libcurl's easy interface.
///
/// Its connections and its cache of names outlive a transfer. It belongs to one thread at a time.
@safe
struct EasyHandle: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private let messageBuffer: UnsafeMutablePointer<CChar>

    /// Makes a handle without any options, after loading the library if need be.
    init() throws(TransferError) {
        guard pixloom_curl_load(), let handle = unsafe pixloom_curl_make() else {
            throw .downloadFailed(
                .libraryFailed("libcurl.so.4 cannot be loaded; is libcurl4 installed?"), attempts: 0
            )
        }
        unsafe self.handle = handle
        unsafe messageBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe messageBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        _ = unsafe pixloom_curl_set_error_buffer(handle, messageBuffer)
    }

    deinit {
        unsafe pixloom_curl_free(handle)
        unsafe messageBuffer.deallocate()
    }

    /// Sets an option that takes a number or a flag.
    func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
        try check(unsafe pixloom_curl_set_long(handle, option, value))
    }

    /// Sets an option that takes a size.
    func setSize(_ option: CURLoption, _ value: Int) throws(TransferError) {
        try check(unsafe pixloom_curl_set_offset(handle, option, curl_off_t(value)))
    }

    /// Sets an option that takes a string, which is copied.
    func set(_ option: CURLoption, _ value: String) throws(TransferError) {
        try check(unsafe pixloom_curl_set_string(handle, option, value))
    }

    /// Sets the protocols that are spoken, as in "http,https", at first and after a redirect.
    func setProtocols(_ first: String, redirected: String) throws(TransferError) {
        try check(unsafe pixloom_curl_set_protocols(handle, first, redirected))
    }

    /// Lets `receiver` have all that arrives; it must live as long as the handle.
    func setReceiver(_ receiver: ResponseReceiver) throws(TransferError) {
        let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
        try check(
            unsafe pixloom_curl_set_write(
                handle,
                { bytes, size, count, context in
                    let chunk = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
                    return unsafe ResponseReceiver.at(context).receiveBody(chunk) ? chunk.count : 0
                }, context))
        try check(
            unsafe pixloom_curl_set_header(
                handle,
                { bytes, size, count, context in
                    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
                    return unsafe ResponseReceiver.at(context).receiveHeader(line) ? line.count : 0
                }, context))
        try check(
            unsafe pixloom_curl_set_progress(
                handle,
                { context, _, _, _, _ in
                    unsafe ResponseReceiver.at(context).mayGoOn() ? 0 : 1
                }, context))
    }

    /// Carries the transfer out, on this thread.
    func perform() -> CURLcode {
        unsafe messageBuffer.pointee = 0
        return unsafe pixloom_curl_perform(handle)
    }

    /// What the library says about the failure `code` of the last transfer.
    func message(for code: CURLcode) -> String {
        let message =
            unsafe messageBuffer.pointee != 0
            ? String(cString: messageBuffer) : String(cString: pixloom_curl_message(code))
        // URL and SSL stay as they are.
        let isAbbreviation = message.prefix(2).allSatisfy(\.isUppercase)
        return isAbbreviation ? message : message.prefix(1).lowercased() + message.dropFirst()
    }

    /// A number that is known of the last transfer; 0 if it is not.
    func number(_ info: CURLINFO) -> Int {
        unsafe pixloom_curl_long(handle, info)
    }

    /// A size or a time that is known of the last transfer; -1 or 0 if it is not.
    func size(_ info: CURLINFO) -> Int {
        unsafe Int(pixloom_curl_offset(handle, info))
    }

    /// A string that is known of the last transfer.
    func string(_ info: CURLINFO) -> String? {
        unsafe pixloom_curl_string(handle, info).map { unsafe String(cString: $0) }
    }

    private func check(_ code: CURLcode) throws(TransferError) {
        guard code == CURLE_OK else {
            throw .downloadFailed(.libraryFailed("libcurl: \(message(for: code))"), attempts: 0)
        }
    }
}

extension ResponseReceiver {
    /// The receiver that libcurl gives back to a callback.
    fileprivate static func at(_ context: UnsafeMutableRawPointer?) -> ResponseReceiver {
        guard let context = unsafe context else {
            preconditionFailure("libcurl lost the receiver of a response")
        }
        return unsafe Unmanaged<ResponseReceiver>.fromOpaque(context).takeUnretainedValue()
    }
}
