#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""GIF files written block by block (GIF89a)."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

GARBAGE = b";;; after the end" * 20
SCREEN = b"GIF89a" + b"\x10\x00\x10\x00\x91\x00\x00" + bytes(range(12))
LOOP = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
IMAGE = b"\x2c\0\0\0\0\x10\0\x10\0\x80" + bytes(6) + b"\x02" + b"\x20" + bytes(range(32)) + b"\x05\x3b\x3b\x3b\x3b\x3b\x00"
GOOD = SCREEN + LOOP + b"\x21\xf9\x04\0\0\0\0\0" + IMAGE + IMAGE + b"\x3b"
case(__file__, "animation", GOOD + GARBAGE, covers="two images with colour tables, trailer bytes inside their data",
     expected_from="the length of the bytes that build.py put before the garbage")
case(__file__, "damaged-block", GOOD[:-1] + b"\x77" + GARBAGE, covers="a byte that begins no block after two images",
     expected_from="the length up to that byte")
case(__file__, "damaged-cut", GOOD[:90], covers="a file that ends inside an image", expected_from="the bytes at hand")
