#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cabinet: one folder with one stored block, checksum set."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def csum(data, seed):
    for i in range(0, len(data) // 4 * 4, 4):
        seed ^= int.from_bytes(data[i:i + 4], "little")
    last = 0
    for b in data[len(data) // 4 * 4:]:
        last = last << 8 | b
    return seed ^ last


def cabinet(flip=0):
    data = bytes(range(1, 204))
    sizes = struct.pack("<HH", len(data), len(data))
    block = struct.pack("<I", csum(sizes, csum(data, 0)) ^ flip) + sizes + data
    file = struct.pack("<IIHHHH", len(data), 0, 0, 0x5C42, 0x5000, 0x20) + b"a.bin\0"
    folder = struct.pack("<IHH", 36 + 8 + len(file), 1, 0)
    size = 36 + len(folder) + len(file) + len(block)
    return b"MSCF\0\0\0\0" + struct.pack("<IIIIBBHHHHH", size, 0, 44, 0, 3, 1, 1, 1, 0, 1, 0) + folder + file + block


cases(__file__, "stored", cabinet(), covers="one file in one stored block", decoy=b"MSCF\0\0\0\0" + b"\x40" * 90,
      why="[MS-CAB] 2.1: version 1.3, reserved fields zero")
broken(__file__, "sum", cabinet(1), covers="a block whose checksum does not hold", why="[MS-CAB] 3.1")
