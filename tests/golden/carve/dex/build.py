#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Android program: header with its Adler-32."""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases, whole  # noqa: E402

def program(flip=0):
    tail = bytes(20) + struct.pack("<III", 312, 112, 0x12345678) + bytes(68) + bytes(range(200))
    return b"dex\n035\0" + struct.pack("<I", zlib.adler32(tail) ^ flip) + tail


cases(__file__, "small", program(), covers="size and checksum hold", decoy=b"dex\n035\0" + bytes(120), why="a size of zero")
broken(__file__, "sum", program(1), covers="an Adler-32 that does not hold", why="the stated length, not whole")
