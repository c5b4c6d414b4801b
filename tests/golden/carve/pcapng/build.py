#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packet capture: section, interface, packet."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def block(kind, body):
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


HEAD = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
GOOD = HEAD + block(1, struct.pack("<HHI", 1, 0, 65535)) + block(6, struct.pack("<IIIII", 0, 1, 2, 60, 60) + bytes(60))
cases(__file__, "one-packet", GOOD, covers="section, interface and packet", decoy=b"\x0a\x0d\x0d\x0a" + struct.pack("<I", 28) + b"other order mark" * 4,
      why="no byte order mark")
broken(__file__, "lengths", HEAD + block(1, struct.pack("<HHI", 1, 0, 65535))[:-4] + bytes(60), covers="a block whose lengths differ",
       why="28: the section header")
