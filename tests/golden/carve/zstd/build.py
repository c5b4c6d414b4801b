#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Zstandard: raw and run-length blocks."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def block(last, kind, size, body):
    return (last | kind << 1 | size << 3).to_bytes(3, "little") + body


GOOD = b"\x28\xb5\x2f\xfd\0\x58" + block(0, 0, 100, bytes(range(100))) + block(1, 1, 1000, b"a")
cases(__file__, "two-blocks", GOOD, covers="a raw and a run-length block, no checksum",
      decoy=b"\x28\xb5\x2f\xfd\0\x58" + block(0, 3, 5, b"") + bytes(60), why="RFC 8878 3.1.1.2: block type 3 is reserved")
