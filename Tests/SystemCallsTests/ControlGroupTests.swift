import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite("The control groups of a process")
struct ControlGroupTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What the kernel tells of the groups around a process, and what follows.
    struct Hierarchy: CustomTestStringConvertible {
        let testDescription: String
        let files: KeyValuePairs<String, String>
        let memoryByteCount: Int
        let processorQuota: Double
        let memoryKillCount: Int
    }

    static let hierarchies = [
        Hierarchy(
            testDescription: "version 2",
            files: [
                "proc/self/cgroup": "0::/user/job\n",
                "groups/user/job/memory.max": "max\n",
                "groups/user/job/memory.events":
                    "low 0\noom 3\noom_kill 2\noom_group_kill 9\n",
                "groups/user/job/cpu.max": "max 100000\n",
                "groups/user/memory.max": "1073741824\n",
                "groups/user/memory.events": "oom_kill 7\n",
                "groups/user/cpu.max": "150000 100000\n",
                "groups/memory.max": "2147483648\n",
            ], memoryByteCount: 1 << 30, processorQuota: 1.5, memoryKillCount: 2),
        Hierarchy(
            testDescription: "version 1",
            files: [
                "proc/self/cgroup": "4:memory:/a/b\n2:cpu,cpuacct:/c\n0::/\n",
                "groups/memory/a/b/memory.limit_in_bytes": "536870912\n",
                "groups/memory/a/b/memory.oom_control": "oom_kill_disable 0\noom_kill 5\n",
                "groups/memory/a/memory.limit_in_bytes": "268435456\n",
                "groups/memory/memory.limit_in_bytes": "9223372036854771712\n",
                "groups/cpu/c/cpu.cfs_quota_us": "50000\n",
                "groups/cpu/c/cpu.cfs_period_us": "100000\n",
            ], memoryByteCount: 256 << 20, processorQuota: 0.5, memoryKillCount: 5),
    ]

    @Test("allow what the tightest one around the process does", arguments: hierarchies)
    func tightest(hierarchy: Hierarchy) throws {
        for (name, text) in hierarchy.files { try add(name, text) }

        #expect(group.memoryByteCount == hierarchy.memoryByteCount)
        #expect(group.processorQuota == hierarchy.processorQuota)
        #expect(group.memoryKillCount == hierarchy.memoryKillCount)
    }

    @Test("are the mounted ones in a container that does not see the path of its own")
    func container() throws {
        try add("proc/self/cgroup", "0::/docker/0123456789abcdef\n")
        try add("groups/memory.max", "67108864\n")

        #expect(group.memoryByteCount == 64 << 20)
    }

    @Test("allow everything where nothing is limited or told", arguments: ["", "0::/\n", "x\n:\n"])
    func unlimited(list: String) throws {
        try add("proc/self/cgroup", list)
        try add("groups/memory.max", "max\n")
        try add("groups/memory/memory.limit_in_bytes", "9223372036854771712\n")

        #expect(group.memoryByteCount == nil)
        #expect(group.processorQuota == nil)
        #expect(group.memoryKillCount == nil)
    }

    @Test("are those of another process where its number is given")
    func otherProcess() throws {
        try add("proc/17/cgroup", "0::/other\n")
        try add("groups/other/memory.max", "1000\n")

        let group = ControlGroup(
            ofProcess: 17, processes: path("proc"), groups: path("groups"))

        #expect(group.memoryByteCount == 1000)
    }

    private var group: ControlGroup {
        ControlGroup(processes: path("proc"), groups: path("groups"))
    }

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }

    private func add(_ name: String, _ text: String) throws {
        _ = try folder.addFile(name, Array(text.utf8))
    }
}
