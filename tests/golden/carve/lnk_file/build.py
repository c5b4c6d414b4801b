#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shell link: id list, relative path, an extra block."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

HEAD = struct.pack("<I", 76) + bytes.fromhex("0114020000000000c000000000000046") + struct.pack("<I", 0x89) + bytes(52)
IDS = struct.pack("<H", 20 + 2) + struct.pack("<H", 20) + b"\x1f\x50" + bytes(16) + bytes(2)
PATH = struct.pack("<H", 5) + "a.txt".encode("utf-16-le")
EXTRA = struct.pack("<II", 16, 0xA0000005) + bytes(8)
GOOD = HEAD + IDS + PATH + EXTRA + bytes(4)
cases(__file__, "ids-and-path", GOOD, covers="id list, relative path, one extra block, terminal block",
      decoy=HEAD[:66] + b"not zeros." + bytes(30), why="[MS-SHLLINK] 2.1: reserved fields are zero")
broken(__file__, "block", HEAD + IDS + PATH + struct.pack("<II", 16, 0x12345678) + bytes(8), covers="an extra block of no known signature",
       why="[MS-SHLLINK] 2.5: signatures are 0xa00000xx")
