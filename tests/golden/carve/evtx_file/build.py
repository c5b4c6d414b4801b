#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Windows event log: header and one chunk."""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import GARBAGE, broken, cases  # noqa: E402

CHUNK = bytearray(b"ElfChnk\0" + bytes(65528))
struct.pack_into("<III", CHUNK, 40, 128, 512, 512)
struct.pack_into("<I", CHUNK, 124, zlib.crc32(CHUNK[128:512], zlib.crc32(CHUNK[:120])))


def header(chunks, flip=0):
    head = bytearray(b"ElfFile\0" + bytes(4088))
    struct.pack_into("<QQQIHHHH", head, 8, 0, 0, 1, 128, 1, 3, 4096, chunks)
    struct.pack_into("<I", head, 124, zlib.crc32(head[:120]) ^ flip)
    return bytes(head)


cases(__file__, "one-chunk", header(1) + CHUNK, covers="header and one chunk, other bytes behind", after=GARBAGE * 3,
      decoy=header(1, 1), why="the header's CRC does not hold")
broken(__file__, "chunks", header(2) + CHUNK, covers="two chunks stated, one there", why="the chunk that is there", after=GARBAGE * 3)
