#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Placeable metafile."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def metafile(flip=0):
    place = struct.pack("<IHhhhhHI", 0x9AC6CDD7, 0, 0, 0, 100, 100, 96, 0)
    value = flip
    for (word,) in struct.iter_unpack("<H", place):
        value ^= word
    return place + struct.pack("<H", value) + struct.pack("<HHHIHIH", 1, 9, 0x300, 16, 0, 4, 0) + struct.pack("<IHH", 4, 0x103, 8) + struct.pack(
        "<IH", 3, 0)


cases(__file__, "two-records", metafile(), covers="placeable header, map mode, end", decoy=metafile(1), why="the placeable header's checksum does not hold")
