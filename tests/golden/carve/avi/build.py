#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""AVI: header list and two frames."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def chunk(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


HEADER = chunk(b"LIST", b"hdrl" + chunk(b"avih", bytes(56)))
MOVI = chunk(b"LIST", b"movi" + chunk(b"00dc", b"frame one!") + chunk(b"01wb", b"sound"))
BODY = b"AVI " + HEADER + MOVI + chunk(b"idx1", bytes(32))
GOOD = chunk(b"RIFF", BODY)
cases(__file__, "two-frames", GOOD, covers="header, a frame, sound of odd length, index",
      decoy=chunk(b"RIFF", b"AVI " + b"no chunk at all, only words that follow the form's name" * 3),
      why="the first chunk's name and size do not fit the form")
bad = GOOD.replace(b"01wb", b"\1\2\3\4")
broken(__file__, "frame", bad, covers="a frame whose name cannot be", why="frames before it hold: the file is cut there")
