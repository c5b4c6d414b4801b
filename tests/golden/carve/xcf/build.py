#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""GIMP picture: one layer, one tile."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def picture(properties):
    head = b"gimp xcf v003\0" + struct.pack(">III", 4, 2, 1) + properties + struct.pack(">II", 0, 0)
    layer_at = len(head) + 12
    head += struct.pack(">III", layer_at, 0, 0)
    layer = struct.pack(">IIII", 4, 2, 2, 5) + b"demo\0" + struct.pack(">II", 0, 0)
    tree_at = layer_at + len(layer) + 8
    layer += struct.pack(">II", tree_at, 0)
    level_at = tree_at + 20
    tree = struct.pack(">IIIII", 4, 2, 1, level_at, 0)
    level = struct.pack(">IIII", 4, 2, level_at + 16, 0)
    return head + layer + tree + level + b"\xfc" + b"\1\2\3\4" + b"\3\7"


RLE = struct.pack(">IIB", 17, 1, 1)
cases(__file__, "one-layer", picture(RLE), covers="one tile of run-length coded pixels", decoy=b"gimp xcf v003\0" + bytes(60), why="a picture of no size")
bad = picture(RLE)[:-7] + b"\x10\7" + bytes(5)
broken(__file__, "tile", bad, covers="a run longer than the tile", why="the structures before the tile")
