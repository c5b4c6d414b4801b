#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""OLE compound file with one stream named WordDocument."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def entry(name, kind, child, start, size):
    raw = (name + "\0").encode("utf-16-le") if name else b""
    return raw.ljust(64, b"\0") + struct.pack("<HBBIII16xI8x8xIQ", len(raw), kind, 1, FREE, FREE, child, 0, start, size)


def compound(chain_end=END, major=3):
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6xIII", 0x3E, major, 0xFFFE, 9, 6, 0, 1, 1)
    head += struct.pack("<IIIIII", 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    table = [FAT, END] + list(range(3, 10)) + [chain_end]
    sectors = struct.pack("<128I", *(table + [FREE] * (128 - len(table))))
    folder = entry("Root Entry", 5, 1, END, 0) + entry("WordDocument", 2, FREE, 2, 4096) + bytes(256)
    return head + sectors + folder + bytes(range(256)) * 16


cases(__file__, "word", compound(), covers="one stream of eight sectors", decoy=compound(major=9), why="[MS-CFB] 2.2: version 3 or 4")
broken(__file__, "chain", compound(chain_end=3), covers="a stream whose chain runs in a circle", why="[MS-CFB] 2.3: chains end")
