#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A chunk of an event log without its file."""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def chunk(flip=0):
    out = bytearray(b"ElfChnk\0" + bytes(65528))
    out[512:700] = bytes(range(188))
    struct.pack_into("<III", out, 40, 128, 512, 700)
    struct.pack_into("<I", out, 52, zlib.crc32(out[512:700]) ^ flip)
    struct.pack_into("<I", out, 124, zlib.crc32(out[128:512], zlib.crc32(out[:120])))
    return bytes(out)


cases(__file__, "part-records", chunk(), covers="both CRCs hold", decoy=b"ElfChnk\0" + bytes(300) + b"x" * 400, why="the header's CRC does not hold")
broken(__file__, "part-records", chunk(1), covers="the CRC of the records does not hold", why="libevtx 4: CRC at 52")
