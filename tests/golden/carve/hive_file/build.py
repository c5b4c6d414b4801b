#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Registry hive: base block and one bin."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def bin_of(offset, cells):
    return b"hbin" + struct.pack("<II", offset, 32 + sum(map(len, cells))) + bytes(20) + b"".join(cells)


CELL = struct.pack("<i", -96) + b"nk" + bytes(90)
REST = struct.pack("<i", 4096 - 32 - 96) + bytes(4096 - 32 - 96 - 4)


def hive(bins, flip=0):
    head = bytearray(4096)
    head[:4] = b"regf"
    struct.pack_into("<IIIIIIIII", head, 4, 1, 1, 0, 0, 1, 5, 0, 1, 32)
    struct.pack_into("<I", head, 40, len(bins))
    value = 0
    for (word,) in struct.iter_unpack("<I", head[:508]):
        value ^= word
    struct.pack_into("<I", head, 508, value ^ flip)
    return bytes(head) + bins


GOOD = hive(bin_of(0, [CELL, REST]))
cases(__file__, "one-bin", GOOD, covers="a used cell and a free one", decoy=hive(b"", 1) + bytes(40), why="the base block's checksum does not hold")
broken(__file__, "cell", hive(bin_of(0, [struct.pack("<i", -5000) + bytes(92), REST])), covers="a cell larger than its bin",
       why="the base block alone holds")
