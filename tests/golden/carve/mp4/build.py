#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MP4: type, film header with one chunk offset, media data."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def box(kind, body):
    return struct.pack(">I", len(body) + 8) + kind + body


def film(offset):
    table = box(b"stco", struct.pack(">III", 0, 1, offset))
    return box(b"moov", box(b"mvhd", bytes(100)) + box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", table)))))


TYPE = box(b"ftyp", b"isom\0\0\2\0isomiso2")
MEDIA = box(b"mdat", bytes(range(256)) * 2)
GOOD = TYPE + film(len(TYPE) + len(film(0)) + 8) + MEDIA
cases(__file__, "film", GOOD, covers="film header before the media data",
      decoy=TYPE + box(b"zzzz", bytes(300)), why="a type box and nothing that a film has")
broken(__file__, "offset", TYPE + film(1 << 20) + MEDIA, covers="a chunk offset behind the media data",
       why="ISO/IEC 14496-12 8.7.5: chunk offsets are places in the file")
