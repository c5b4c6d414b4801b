#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bitmap caches of the remote desktop client."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "packed by struct in build.py"


def tile(width, height):
    return struct.pack("<IIHH", 1, 2, width, height) + bytes(4 * width * height)


BIN = b"RDP8bmp\0" + struct.pack("<I", 6) + tile(64, 8) + tile(16, 16)
FOLDER = "/Users/suzuki/AppData/Local/Microsoft/Terminal Server Client/Cache/"
case(__file__, "bin", BIN, path=FOLDER + "Cache0000.bin", expected_from=HAND, covers="two tiles")
case(__file__, "bmc", struct.pack("<IIHHII", 1, 2, 64, 64, 16384, 0) + bytes(64), path=FOLDER + "bcache24.bmc", expected_from=HAND, covers="the older form")
case(__file__, "damaged-cut", BIN[:-10], path=FOLDER + "Cache0000.bin", expected_from=HAND, covers="the second tile is cut")
