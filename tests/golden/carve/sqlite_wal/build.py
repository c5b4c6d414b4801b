#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""WAL: two frames with their checksums."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import GARBAGE, broken, cases  # noqa: E402

def add(total, data):
    a, b = total
    for x, y in struct.iter_unpack("<II", data):
        a = (a + x + b) & 0xFFFFFFFF
        b = (b + y + a) & 0xFFFFFFFF
    return a, b


def log(flip=0):
    head = struct.pack(">IIIIII", 0x377F0682, 3007000, 512, 0, 0x1234, 0x5678)
    total = add((0, 0), head)
    out = head + struct.pack(">II", *total)
    for number in (1, 2):
        page = bytes([number]) * 512
        frame = struct.pack(">II", number, number)
        total = add(add(total, frame), page)
        out += frame + struct.pack(">IIII", 0x1234, 0x5678, total[0] ^ (flip if number == 2 else 0), total[1]) + page
    return out


cases(__file__, "two-frames", log(), covers="two frames of 512 bytes", decoy=log()[:24] + bytes(600), why="the header's checksum does not hold",
      after=GARBAGE * 2)
broken(__file__, "frame", log(1), covers="the second frame's checksum does not hold", why="32 + 24 + 512: the header and the first frame")
