#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""AutoCAD 2000: six sections."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def drawing(sentinel):
    sections = [(0, 300, 50), (1, 350, 60), (2, 410, 40), (3, 0, 0), (4, 450, 4), (5, 97, 123)]
    head = b"AC1015".ljust(0x15, b"\0") + struct.pack("<I", 6) + b"".join(struct.pack("<BII", *s) for s in sections) + b"\x12\x34" + sentinel
    return head.ljust(300, b"\0") + bytes(range(154))


SENTINEL = bytes.fromhex("95a04e2899821ae55e41e05f9d3a4d00")
cases(__file__, "release-2000", drawing(SENTINEL), covers="the fourth section ends the file", decoy=drawing(bytes(16)), why="the sentinel behind the list is missing")
