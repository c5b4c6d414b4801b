#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""HEIC: a picture whose one item lies in the media data."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def box(kind, body):
    return struct.pack(">I", len(body) + 8) + kind + body


def meta(offset, size):
    location = box(b"iloc", struct.pack(">IHHHHHII", 0, 0x4400, 1, 1, 0, 1, offset, size))
    return box(b"meta", bytes(4) + box(b"hdlr", bytes(8) + b"pict" + bytes(13)) + location)


TYPE = box(b"ftyp", b"heic\0\0\0\0mif1heic")
MEDIA = box(b"mdat", bytes(range(256)))
AT = len(TYPE) + len(meta(0, 0)) + 8
GOOD = TYPE + meta(AT, 256) + MEDIA
cases(__file__, "one-item", GOOD, covers="type, meta with one item, media data",
      decoy=TYPE + box(b"free", bytes(300)), why="no meta box, no film header")
broken(__file__, "extent", TYPE + meta(AT, 1 << 20) + MEDIA, covers="an item that ends behind the file",
       why="ISO/IEC 14496-12 8.11.3: extents lie in the file")
