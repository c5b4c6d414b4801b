#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""RAR 4 and RAR 5 with one stored file each."""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases, whole  # noqa: E402

DATA = b"the stored content of the file"


def block4(kind, flags, body, data=b""):
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data


def vint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def block5(kind, flags, body, data=b""):
    head = vint(kind) + vint(flags) + (vint(len(data)) if flags & 2 else b"") + body
    head = vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(head)) + head + data


FILE4 = struct.pack("<IIBIIBBHI", len(DATA), len(DATA), 3, zlib.crc32(DATA), 0, 29, 0x30, 5, 0x81A4) + b"a.txt"
RAR4 = b"Rar!\x1a\7\0" + block4(0x73, 0, bytes(6)) + block4(0x74, 0x8000, FILE4, DATA) + block4(0x7B, 0x4000, b"")
FILE5 = vint(0) + vint(len(DATA)) + vint(0o100644) + vint(0) + vint(0) + vint(5) + b"a.txt"
RAR5 = b"Rar!\x1a\7\1\0" + block5(1, 0, vint(0)) + block5(2, 2, FILE5, DATA) + block5(5, 0, vint(0))
cases(__file__, "version-4", RAR4, covers="archive, file and end block", decoy=b"Rar!\x1a\7\0" + bytes(60), why="no archive block follows")
whole(__file__, "version-5", RAR5, covers="archive, file and end block of RAR 5")
bad = bytearray(RAR5)
bad[RAR5.index(b"a.txt")] ^= 1
broken(__file__, "header", bytes(bad), covers="a file header whose CRC-32 does not hold", why="the archive block before it holds")
