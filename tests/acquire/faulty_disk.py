#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""faulty_disk.py FOLDER FILE [--bad FIRST-LAST ...] [--delay SECONDS]: serves FOLDER/disk over FUSE with FILE's bytes.

A read that touches a sector of --bad (512 bytes, counted from 0) gives EIO, as a worn disk does. Each read is noted in
FILE.reads as "offset size". Speaks the kernel's protocol on /dev/fuse itself, so that only root and the kernel are
needed. Ends when FOLDER is unmounted.
"""
import argparse
import ctypes
import errno
import os
import stat
import struct
import sys
import time

IN = struct.Struct("<IIQQIIIHH")
LOOKUP, FORGET, GETATTR, OPEN, READ, STATFS, RELEASE, FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR, ACCESS, INTERRUPT, \
    DESTROY, BATCH_FORGET = 1, 2, 3, 14, 15, 17, 18, 25, 26, 27, 28, 29, 34, 36, 38, 42


def attributes(node, size):
    mode = stat.S_IFDIR | 0o755 if node == 1 else stat.S_IFREG | 0o444
    return struct.pack("<QQQQQQIIIIIIIIII", node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


class Disk:
    def __init__(self, path, bad, delay):
        self.fd = os.open(path, os.O_RDONLY)
        self.size = os.fstat(self.fd).st_size
        self.bad, self.delay = bad, delay
        self.log = open(path + ".reads", "a", buffering=1)

    def read(self, at, size):
        self.log.write(f"{at} {size}\n")
        if self.delay:
            time.sleep(self.delay)
        first, last = at // 512, (at + size - 1) // 512
        if any(a <= last and first <= b for a, b in self.bad):
            return -errno.EIO, b""
        return 0, os.pread(self.fd, size, at)

    def answer(self, opcode, node, body):
        """(error, payload), or None where no reply is wanted."""
        if opcode == INIT:
            return 0, struct.pack("<IIIIHHIIHHI28x", 7, 31, 131072, 0, 16, 12, 131072, 1, 32, 0, 0)
        if opcode in (FORGET, BATCH_FORGET, INTERRUPT):
            return None
        if opcode == LOOKUP:
            if node != 1 or body.rstrip(b"\0") != b"disk":
                return -errno.ENOENT, b""
            return 0, struct.pack("<QQQQII", 2, 0, 3600, 3600, 0, 0) + attributes(2, self.size)
        if opcode == GETATTR:
            return 0, struct.pack("<QII", 3600, 0, 0) + attributes(node, self.size if node == 2 else 0)
        if opcode in (OPEN, OPENDIR):
            return 0, struct.pack("<QII", 1, 1, 0)  # direct I/O: no page cache in between
        if opcode == READ:
            _, at, size = struct.unpack_from("<QQI", body)
            return self.read(at, size)
        if opcode == STATFS:
            return 0, struct.pack("<QQQQQIIII24x", 0, 0, 0, 1, 0, 4096, 255, 4096, 0)
        if opcode in (READDIR, RELEASE, RELEASEDIR, FLUSH, ACCESS, DESTROY):
            return 0, b""
        return -errno.ENOSYS, b""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("file")
    parser.add_argument("--bad", action="append", default=[])
    parser.add_argument("--delay", type=float, default=0)
    args = parser.parse_args()
    bad = [tuple(int(n) for n in (one.split("-") * 2)[:2]) for one in args.bad]
    disk = Disk(args.file, bad, args.delay)
    fuse = os.open("/dev/fuse", os.O_RDWR)
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"fd={fuse},rootmode=40000,user_id=0,group_id=0,allow_other,max_read=131072".encode()
    if libc.mount(b"faulty", args.folder.encode(), b"fuse.faulty", 0, options) != 0:
        sys.exit("mount: " + os.strerror(ctypes.get_errno()))
    print("ready", flush=True)
    while True:
        try:
            request = os.read(fuse, 1 << 20)
        except OSError as error:
            if error.errno in (errno.EINTR, errno.ENOENT):
                continue
            return  # unmounted
        length, opcode, unique, node, *_ = IN.unpack_from(request)
        reply = disk.answer(opcode, node, request[IN.size:length])
        if reply is None:
            continue
        error, payload = reply
        try:
            os.write(fuse, struct.pack("<IiQ", 16 + len(payload), error, unique) + payload)
        except OSError:
            pass  # whoever asked is gone


main()
