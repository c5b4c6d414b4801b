#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Windows media: header with file properties, data, index."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def thing(guid, body):
    return bytes.fromhex(guid) + struct.pack("<Q", len(body) + 24) + body


FILE, STREAM, AUDIO = "a1dcab8c47a9cf118ee400c00c205365", "9107dcb7b7a9cf118ee600c00c205365", "409e69f84d5bcf11a8fd00805f5c442b"


def media(size):
    inner = thing(FILE, bytes(16) + struct.pack("<Q", size) + bytes(56)) + thing(STREAM, bytes.fromhex(AUDIO) + bytes(38))
    head = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + struct.pack("<QIBB", 30 + len(inner), 2, 1, 2) + inner
    return head + thing("3626b2758e66cf11a6d900aa0062ce6c", bytes(range(200))) + thing("90080033b1e5cf1189f400a0c90349cb", bytes(40))


GOOD = media(len(media(0)))
cases(__file__, "sound", GOOD, covers="header, data and index objects", decoy=GOOD[:30] + bytes(300), why="objects of no size in the header")
broken(__file__, "size", media(len(GOOD) + 100), covers="a stated size that the objects do not fill", why="the last object's end")
