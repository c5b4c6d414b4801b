#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""VMware sparse extent with one grain."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def extent(newline=b"\n \r\n"):
    head = struct.pack("<4sIIQQQQIQQQB4sH", b"KDMV", 1, 3, 2048, 16, 0, 0, 512, 1, 2, 8, 0, newline, 0).ljust(512, b"\0")
    spare = bytes(512)
    directory = struct.pack("<I", 3).ljust(512, b"\0")
    table = struct.pack("<I", 8).ljust(2048, b"\0")
    return (head + spare + directory + table).ljust(8 * 512, b"\0") + bytes(range(256)) * 32


cases(__file__, "one-grain", extent(), covers="one grain of 16 sectors behind the tables", decoy=extent(b"\n\n\n\n")[:2000],
      why="the line-end characters of the header were changed")
