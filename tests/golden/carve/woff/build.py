#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Web font with one packed table."""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def font(flip=0):
    plain = bytes(range(256)) * 2
    packed = bytearray(zlib.compress(plain, 9))
    packed[10] ^= flip
    packed = bytes(packed) + bytes(-len(packed) % 4)
    size = 44 + 20 + len(packed)
    head = struct.pack(">4sIIHHIHHIIIII", b"wOFF", 0x10000, size, 1, 0, 28 + 512, 1, 0, 0, 0, 0, 0, 0)
    return head + struct.pack(">4sIIII", b"glyf", 64, len(packed), len(plain), 0) + packed


cases(__file__, "one-table", font(), covers="one zlib-packed table", decoy=b"wOFF" + bytes(8) + b"\0\1\0\7" + bytes(60), why="the reserved field is not zero")
broken(__file__, "table", font(0x55), covers="a table that does not unpack", why="the directory, 64 bytes")
