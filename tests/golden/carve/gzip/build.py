#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gzip: two members with a name."""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def member(data, name):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    return b"\x1f\x8b\x08\x08" + bytes(4) + b"\2\3" + name + b"\0" + body + struct.pack("<II", zlib.crc32(data), len(data))


FIRST = member(bytes(range(256)) * 4, b"a.bin")
cases(__file__, "two-members", FIRST + member(b"second" * 40, b"b.txt"), covers="two members behind one another",
      decoy=b"\x1f\x8b\x08\0" + bytes(4) + b"\0\3" + b"\xff" * 200, why="the bits behind the header are no deflate stream")
bad = bytearray(FIRST)
bad[-6] ^= 1
broken(__file__, "sum", bytes(bad), covers="a CRC-32 that does not hold", why="RFC 1952 2.3.1: CRC32 is that of the content")
