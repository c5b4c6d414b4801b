#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""BMP files with a BITMAPINFOHEADER."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

GARBAGE = b"BM after the end" * 20
PIXELS = bytes((i * 7) & 0xFF for i in range(12 * 5))  # 3 x 5 pixels of 24 bits, rows padded to 12 bytes


def bmp(size, pixels):
    info = struct.pack("<IiiHHIIiiII", 40, 3, 5, 1, 24, 0, len(PIXELS), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", size, 0, 0, 54) + info + pixels


case(__file__, "rgb24", bmp(54 + 60, PIXELS) + GARBAGE, covers="plain 24-bit pixels", expected_from="54 + 5 rows of 12 bytes")
case(__file__, "damaged-cut", bmp(54 + 60, PIXELS[:30]), covers="pixels that end early", expected_from="the bytes at hand")
case(__file__, "damaged-size", bmp(99999, PIXELS) + GARBAGE, covers="a size that the measures contradict: no picture",
     expected_from="54 + 5 rows of 12 bytes is not 99999")
