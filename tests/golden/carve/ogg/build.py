#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ogg: one Vorbis stream of three pages."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def crc(data):
    value = 0
    for b in data:
        value ^= b << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 1 << 31 else value << 1) & 0xFFFFFFFF
    return value


def page(flags, number, body):
    head = b"OggS\0" + bytes([flags]) + struct.pack("<QII", number * 1000, 77, number)
    segments = bytes([1, len(body)])
    raw = head + bytes(4) + segments + body
    return head + struct.pack("<I", crc(raw)) + segments + body


GOOD = page(2, 0, b"\x01vorbis" + bytes(23)) + page(0, 1, bytes(range(200))) + page(4, 2, bytes(range(90)))
cases(__file__, "three-pages", GOOD, covers="first, middle and last page", decoy=b"OggS\0\2" + bytes(21) + bytes(100),
      why="the page's CRC does not hold")
broken(__file__, "sequence", page(2, 0, b"\x01vorbis" + bytes(23)) + page(0, 5, bytes(range(200))),
       covers="a page is missing", why="RFC 3533 6: sequence numbers grow by one")
