#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""LZ4 frame: one block that is not compressed, with its checksum left out."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def xxh32(data):  # xxHash 0.1.1, inputs shorter than 16 bytes
    mask = 0xFFFFFFFF
    h = (374761393 + len(data)) & mask
    while len(data) >= 4:
        h = (h + int.from_bytes(data[:4], "little") * 3266489917) & mask
        h = ((h << 17 | h >> 15) & mask) * 668265263 & mask
        data = data[4:]
    for b in data:
        h = (h + b * 374761393) & mask
        h = ((h << 11 | h >> 21) & mask) * 2654435761 & mask
    h = (h ^ h >> 15) * 2246822519 & mask
    h = (h ^ h >> 13) * 3266489917 & mask
    return h ^ h >> 16


def frame(flip=0):
    descriptor = b"\x60\x40"
    check = bytes([(xxh32(descriptor) >> 8 & 0xFF) ^ flip])
    return b"\x04\x22\x4d\x18" + descriptor + check + struct.pack("<I", 0x80000000 | 200) + bytes(range(200)) + bytes(4)


cases(__file__, "one-block", frame(), covers="one stored block and the end mark", decoy=frame(1),
      why="the header's checksum byte does not hold")
