#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Portable pix-map."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases, whole  # noqa: E402

GOOD = b"P6\n# a comment\n10 6\n255\n" + bytes(range(180))
cases(__file__, "colour", GOOD, covers="a comment in the header, 10 x 6 pixels", decoy=b"P6 is not a size but a sentence about one" * 3, why="no width follows")
whole(__file__, "two-bytes", b"P5 7 3 65535\n" + bytes(42), covers="two bytes a sample")
