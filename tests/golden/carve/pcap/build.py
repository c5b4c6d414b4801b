#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packet capture: three packets."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def packet(seconds, body):
    return struct.pack("<IIII", seconds, 5, len(body), len(body)) + body


HEAD = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
GOOD = HEAD + packet(1775817067, bytes(range(60))) + packet(1775817068, bytes(99)) + packet(1775817069, b"x" * 42)
cases(__file__, "three-packets", GOOD, covers="little-endian, microseconds", decoy=HEAD + struct.pack("<IIII", 1, 2000000, 60, 60) + bytes(80),
      why="a second has no two million microseconds")
