#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Virtual PC dynamic disk with one block."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def seal(raw, at):
    raw = bytearray(raw)
    struct.pack_into(">I", raw, at, ~sum(raw) & 0xFFFFFFFF)
    return bytes(raw)


FOOTER = seal(struct.pack(">8sIIQIIIIQQII", b"conectix", 2, 0x10000, 512, 0, 0, 0x10000, 0, 4096, 4096, 0, 3).ljust(512, b"\0"), 64)
HEAD = seal(struct.pack(">8sQQIII", b"cxsparse", 0xFFFFFFFFFFFFFFFF, 1536, 0x10000, 1, 4096).ljust(1024, b"\0"), 36)
TABLE = struct.pack(">I", 4).ljust(512, b"\xff")
GOOD = FOOTER + HEAD + TABLE + b"\xff" * 512 + bytes(range(256)) * 16 + FOOTER
cases(__file__, "dynamic", GOOD, covers="one block of 4096 bytes with its bitmap", decoy=FOOTER[:60] + b"\0\0\0\7" + FOOTER[64:] + bytes(1100),
      why="the footer's checksum does not hold")
