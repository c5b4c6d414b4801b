#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Access database of four pages."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def page(kind):
    return bytes([kind, 1]) + bytes(range(200)) + bytes(4096 - 202)


HEAD = (b"\0\1\0\0Standard Jet DB\0" + struct.pack("<I", 1)).ljust(4096, b"\0")
cases(__file__, "jet-4", HEAD + page(1) + page(2) + page(4), covers="header, data, table and index page",
      decoy=(b"\0\1\0\0Standard Jet DB\0" + struct.pack("<I", 99)).ljust(600, b"\0"), why="no version 99")
