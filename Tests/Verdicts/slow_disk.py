"""A folder of files on a disk that is slow on purpose.

It speaks the kernel's FUSE protocol (linux/fuse.h, version 7.31) over /dev/fuse itself, which needs
root and nothing else. Each read waits, and as many may wait at a time as the disk has heads: one
head is a disk with little throughput, many are one with much latency.
"""

import contextlib
import ctypes
import enum
import errno
import os
import stat
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = 1
FOPEN_DIRECT_IO = 1  # no page cache: every read comes here
MNT_DETACH = 2
FOR_EVER = 1 << 30


class Opcode(enum.IntEnum):
    """What is asked for: enum fuse_opcode."""

    LOOKUP = 1
    FORGET = 2
    GETATTR = 3
    OPEN = 14
    READ = 15
    STATFS = 17
    RELEASE = 18
    FLUSH = 25
    INIT = 26
    OPENDIR = 27
    READDIR = 28
    RELEASEDIR = 29
    INTERRUPT = 36
    BATCH_FORGET = 42


class SlowDisk:
    """Answers the kernel on as many threads as the disk has heads."""

    def __init__(self, device: int, files: list[Path], seconds: float):
        self.device = device
        self.seconds = seconds
        self.contents = {ROOT + 1 + number: path.read_bytes() for number, path in enumerate(files)}
        self.names = {path.name.encode(): ROOT + 1 + number for number, path in enumerate(files)}

    def serve(self) -> None:
        while True:
            try:
                request = os.read(self.device, 1 << 20)
            except OSError as error:
                if error.errno in (errno.EINTR, errno.EAGAIN, errno.ENOENT):
                    continue
                return  # ENODEV: unmounted
            _, opcode, unique, node = struct.unpack_from("<IIQQ", request)
            if opcode in (Opcode.FORGET, Opcode.BATCH_FORGET, Opcode.INTERRUPT):
                continue
            try:
                body, code = self.answer(opcode, node, request[40:]), 0
            except OSError as error:
                body, code = b"", -error.errno
            with contextlib.suppress(OSError):
                os.write(self.device, struct.pack("<IiQ", 16 + len(body), code, unique) + body)

    def answer(self, opcode: int, node: int, body: bytes) -> bytes:
        match opcode:
            case Opcode.INIT:
                return struct.pack("<IIIIHHII", 7, 31, 0, 0, 64, 48, 1 << 17, 1) + bytes(32)
            case Opcode.LOOKUP:
                found = self.names.get(body.rstrip(b"\0"))
                if found is None:
                    raise OSError(errno.ENOENT, "no such file")
                return struct.pack("<QQQQII", found, 0, FOR_EVER, FOR_EVER, 0, 0) + self.status(found)
            case Opcode.GETATTR:
                return struct.pack("<QII", FOR_EVER, 0, 0) + self.status(node)
            case Opcode.OPEN | Opcode.OPENDIR:
                return struct.pack("<QII", 0, FOPEN_DIRECT_IO if opcode == Opcode.OPEN else 0, 0)
            case Opcode.READ:
                _, offset, count = struct.unpack_from("<QQI", body)
                time.sleep(self.seconds)
                return self.contents[node][offset:offset + count]
            case Opcode.READDIR:
                return self.entries(*struct.unpack_from("<QQI", body)[1:])
            case Opcode.STATFS:
                return bytes(80)
            case Opcode.FLUSH | Opcode.RELEASE | Opcode.RELEASEDIR:
                return b""
        raise OSError(errno.ENOSYS, "not needed")

    def status(self, node: int) -> bytes:
        kind = stat.S_IFDIR | 0o755 if node == ROOT else stat.S_IFREG | 0o444
        size = len(self.contents.get(node, b""))
        return struct.pack(
            "<QQQQQQIIIIIIIIII", node, size, (size + 511) // 512, 1, 1, 1, 0, 0, 0, kind, 1, 0, 0, 0,
            4096, 0)

    def entries(self, offset: int, room: int) -> bytes:
        result = b""
        for number, (name, node) in list(enumerate(self.names.items()))[offset:]:
            entry = struct.pack("<QQII", node, number + 1, len(name), stat.S_IFREG >> 12) + name
            entry += bytes(-len(entry) % 8)
            if len(result) + len(entry) > room:
                break
            result += entry
        return result


@contextlib.contextmanager
def slow_disk(folder: Path, files: list[Path], seconds: float, heads: int) -> Iterator[Path]:
    """Shows files in a folder, from where each read takes so long; needs root."""
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0"
    if libc.mount(b"slow-disk", bytes(folder), b"fuse", 0, options.encode()) != 0:
        os.close(device)
        raise OSError(ctypes.get_errno(), f"cannot mount {folder}")
    disk = SlowDisk(device, files, seconds)
    threads = [threading.Thread(target=disk.serve, daemon=True) for _ in range(heads)]
    for thread in threads:
        thread.start()
    try:
        yield folder
    finally:
        libc.umount2(bytes(folder), MNT_DETACH)
        for thread in threads:
            thread.join(5)
        os.close(device)
        folder.rmdir()
