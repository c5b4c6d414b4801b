#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""WEBP: one lossless picture."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def chunk(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


GOOD = chunk(b"RIFF", b"WEBP" + chunk(b"VP8L", b"\x2f\0\0\0\0" + bytes(range(120))))
cases(__file__, "lossless", GOOD, covers="a VP8L picture",
      decoy=chunk(b"RIFF", b"WEBP" + chunk(b"EXIF", bytes(100))), why="RFC 9649 2.5: the first chunk is a picture or VP8X")
