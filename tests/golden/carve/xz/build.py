#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""xz: one block with a CRC-64."""
import lzma
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

GOOD = lzma.compress(bytes(range(256)) * 64 + b"text " * 300)
cases(__file__, "one-block", GOOD, covers="one block, index, footer", decoy=b"\xfd7zXZ\0\0\4" + bytes(200),
      why="the CRC of the stream flags does not hold")
bad = bytearray(GOOD)
bad[-18] ^= 1
broken(__file__, "index", bytes(bad), covers="an index that does not fit the block", why="the stream header alone holds")
