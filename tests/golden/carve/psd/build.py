#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Photoshop: raw and PackBits pictures."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases, whole  # noqa: E402

def psd(compression, picture, mode=3, width=10, height=6):
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, height, width, 8, mode)
    resources = b"8BIM" + struct.pack(">HHI", 1005, 0, 16) + bytes(16)
    return head + struct.pack(">I", 0) + struct.pack(">I", len(resources)) + resources + struct.pack(">I", 0) + struct.pack(
        ">H", compression) + picture


GOOD = psd(0, bytes(range(180)))
PACKED = psd(1, struct.pack(">H", 2) * 18 + b"\xf7\x55" * 18)
cases(__file__, "raw", GOOD, covers="three channels, not compressed", decoy=psd(0, bytes(180), mode=77),
      why="no colour mode has the number 77")
whole(__file__, "packbits", PACKED, covers="rows whose sizes stand before them")
