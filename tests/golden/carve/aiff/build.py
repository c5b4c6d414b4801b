#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""AIFF: description and samples."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def chunk(name, body):
    return name + struct.pack(">I", len(body)) + body + bytes(len(body) % 2)


GOOD = chunk(b"FORM", b"AIFF" + chunk(b"COMM", bytes(18)) + chunk(b"SSND", bytes(range(101))))
cases(__file__, "odd", GOOD, covers="samples of odd length with their padding", decoy=chunk(b"FORM", b"AIFF" + b"words, not chunks, follow the name"), why="no description")
