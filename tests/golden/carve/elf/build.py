#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ELF program: one segment and a section table."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def program(kind=2):
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", kind, 62, 1, 0x400000, 64, 64 + 56 + 100, 0, 64, 56, 1, 64, 2, 1)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 220, 220, 4096)
    text = bytes(range(100))
    sections = bytes(64) + struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, 120, 100, 0, 0, 1, 0)
    return head + segment + text + sections


cases(__file__, "small", program(), covers="the section table ends the file", decoy=program(77), why="gABI 4: no file type 77")
