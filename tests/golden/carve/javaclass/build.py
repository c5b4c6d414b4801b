#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Java class with one method."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def text(value):
    return b"\1" + struct.pack(">H", len(value)) + value


POOL = [text(b"Demo"), b"\7\0\1", text(b"java/lang/Object"), b"\7\0\3", text(b"run"), text(b"()V"), text(b"Code"), b"\5" + bytes(8)]
METHOD = struct.pack(">HHHH", 1, 5, 6, 1) + struct.pack(">HI", 7, 13) + struct.pack(">HHI", 0, 1, 1) + b"\xb1" + bytes(4)
GOOD = struct.pack(">IHHH", 0xCAFEBABE, 0, 61, len(POOL) + 2) + b"".join(POOL) + struct.pack(">HHHHH", 0x21, 2, 4, 0, 0) + struct.pack(
    ">H", 1) + METHOD + struct.pack(">H", 0)
cases(__file__, "one-method", GOOD, covers="a long that takes two places, a method with code", decoy=struct.pack(">II", 0xCAFEBABE, 2) + bytes(200),
      why="a universal Mach-O file begins with the same four bytes")
