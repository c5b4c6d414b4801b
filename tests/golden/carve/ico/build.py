#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Icons: a bitmap and a PNG."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

BITMAP = struct.pack("<IiiHHIIiiII", 40, 16, 32, 1, 32, 0, 0, 0, 0, 0, 0) + bytes(1024 + 64)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


def icon(pictures):
    at = 6 + 16 * len(pictures)
    head = struct.pack("<HHH", 0, 1, len(pictures))
    for picture in pictures:
        head += struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + b"".join(pictures)


cases(__file__, "two-pictures", icon([BITMAP, PNG]), covers="one bitmap, one PNG",
      decoy=icon([b"neither of both kinds of picture" * 4]), why="the entry's place holds no bitmap header and no PNG")
