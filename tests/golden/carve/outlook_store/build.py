#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Outlook store: header, roots of both trees, as long as the header says."""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def crc(data):
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def store(size, flip=0):
    body = bytearray(564)
    struct.pack_into("<2sHH", body, 8, b"SM", 23, 19)
    struct.pack_into("<Q", body, 184, size)
    struct.pack_into("<Q", body, 224, 0x4000)
    struct.pack_into("<Q", body, 240, 0x4200)
    body[0:4] = b"!BDN"
    struct.pack_into("<I", body, 4, crc(bytes(body[8:479])) ^ flip)
    out = bytearray(size)
    out[:564] = body
    out[0x4000 + 496:0x4000 + 498] = b"\x81\x81"
    out[0x4200 + 496:0x4200 + 498] = b"\x80\x80"
    return out


GOOD = store(0x4800)
cases(__file__, "unicode", bytes(GOOD), covers="version 23 with both roots", decoy=bytes(store(0x4800, 1)[:2000]),
      why="the header's CRC does not hold")
GOOD[0x4200 + 496] = 0x84
broken(__file__, "root", bytes(GOOD), covers="a root of the block tree of another page type", why="[MS-PST] 2.2.2.7.1")
