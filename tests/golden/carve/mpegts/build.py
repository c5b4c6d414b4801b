#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Transport stream: a program association table and 40 packets."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def crc(data):
    value = 0xFFFFFFFF
    for b in data:
        value ^= b << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 1 << 31 else value << 1) & 0xFFFFFFFF
    return value


SECTION = b"\0\xb0\x0d\0\1\xc1\0\0\0\1\xe1\0"
TABLE = b"G\x40\0\x10\0" + SECTION + struct.pack(">I", crc(SECTION))
GOOD = TABLE.ljust(188, b"\xff") + b"".join(b"G\x01\0" + bytes([0x10 | i & 15]) + bytes(184) for i in range(40))
cases(__file__, "program", GOOD, covers="a table with its CRC and 40 packets", decoy=(b"G" + b" ordinary text" * 13)[:188] * 40,
      why="no program association table")
