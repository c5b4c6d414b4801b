#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TIFF: one strip, and a second directory."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def directory(entries, following):
    out = struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        out += struct.pack("<HHII", tag, kind, count, value)
    return out + struct.pack("<I", following)


STRIP = bytes(range(200))
FIRST_AT = 8 + len(STRIP)
BASE = [(256, 4, 1, 20), (257, 4, 1, 10), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
FIRST = BASE + [(273, 4, 1, 8), (279, 4, 1, 200)]
SIZE = len(directory(FIRST, 0))
TEXT_AT = FIRST_AT + SIZE
SECOND_AT = TEXT_AT + 16
SECOND = [(270, 2, 16, TEXT_AT)]
HEAD = b"II*\0" + struct.pack("<I", FIRST_AT)
GOOD = HEAD + STRIP + directory(FIRST, SECOND_AT) + b"sixteen letters\0" + directory(SECOND, 0)
cases(__file__, "two-directories", GOOD, covers="pixels before their directory, a text, a second directory",
      decoy=b"II*\0" + struct.pack("<I", 8) + directory([(270, 2, 4, 0)], 0), why="no directory has strips or tiles")
