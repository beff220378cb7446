import Glibc
import SystemCalls
import Testing

@Suite("The standard descriptors", .timeLimit(.minutes(30)))
struct StandardDescriptorsTests {
    @Test("are opened where they are closed")
    func areOpened() async {
        await #expect(processExitsWith: .exitCode(3)) {
            // Other threads of the test's process open and close files too, so one time of a few
            // must show it.
            for _ in 0..<20 {
                let next = dup(0)
                close(next)
                for number in [0, 1, 2] as [CInt] { close(number) }

                StandardDescriptors.ensureOpen()

                if [0, 1, 2].allSatisfy({ isNull($0) }), !isNull(next) { exit(3) }
            }
            exit(4)
        }
    }

    @Test("stay what they are where they are open")
    func stay() async {
        await #expect(processExitsWith: .exitCode(3)) {
            var before = stat()
            var after = stat()
            _ = unsafe fstat(1, &before)

            StandardDescriptors.ensureOpen()

            _ = unsafe fstat(1, &after)
            exit(before.st_ino == after.st_ino && before.st_dev == after.st_dev ? 3 : 4)
        }
    }
}

/// Whether a descriptor is open and leads to `/dev/null`: null(4), character device 1:3.
private func isNull(_ descriptor: CInt) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
        && status.st_rdev == 0x103
}
