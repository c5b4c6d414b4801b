#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Enhanced metafile of three records."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def metafile(total):
    head = struct.pack("<II", 1, 88) + bytes(32) + b" EMF" + struct.pack("<III", 0x10000, total, 3) + bytes(32)
    return head + struct.pack("<III", 17, 12, 1) + struct.pack("<IIIII", 14, 20, 0, 16, 20)


cases(__file__, "three-records", metafile(120), covers="header, map mode, end", decoy=struct.pack("<II", 1, 8) + bytes(32) + b" EMF" + bytes(80),
      why="a header of eight bytes")
broken(__file__, "size", metafile(4000), covers="a stated size that the records do not have", why="the end record, 120 bytes")
