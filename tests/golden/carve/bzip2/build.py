#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bzip2: two streams."""
import bz2
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

FIRST = bz2.compress(bytes(range(256)) * 8)
cases(__file__, "two-streams", FIRST + bz2.compress(b"second"), covers="two streams behind one another",
      decoy=b"BZh9" + bytes(200), why="no block begins behind the header")
bad = bytearray(FIRST)
bad[12] ^= 0x10
broken(__file__, "sum", bytes(bad), covers="a block whose CRC is not in the stream's", why="the CRC at the end is made of the blocks'")
