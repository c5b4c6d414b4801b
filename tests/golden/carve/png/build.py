#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PNG files written chunk by chunk with zlib."""
import pathlib
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GARBAGE = b"after the end" * 30


def chunk(kind, body):
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


HEADER = chunk(b"IHDR", b"\0\0\0\x20\0\0\0\x20\x08\0\0\0\0")
PIXELS = zlib.compress(b"".join(b"\0" + bytes((x * y) & 0xFF for x in range(32)) for y in range(32)))
GOOD = (SIGNATURE + HEADER + chunk(b"tEXt", b"Title\0demo") + chunk(b"IDAT", PIXELS[:100]) + chunk(b"IDAT", PIXELS[100:])
        + chunk(b"IEND", b""))
case(__file__, "two-idat", GOOD + GARBAGE, covers="text, two data chunks, bytes after the end",
     expected_from="the length of the bytes that build.py put before the garbage")
broken = bytearray(GOOD)
broken[GOOD.index(b"IDAT") + 20] ^= 0x40
case(__file__, "damaged-crc", bytes(broken) + GARBAGE, covers="a data chunk whose CRC does not match",
     expected_from="the place where the broken chunk begins")
case(__file__, "damaged-cut", GOOD[:200], covers="a file that ends inside a chunk", expected_from="the bytes at hand")
case(__file__, "damaged-header", SIGNATURE + chunk(b"IDAT", PIXELS) + chunk(b"IEND", b""),
     covers="the first chunk is not IHDR: no picture", expected_from="ISO/IEC 15948 5.6: IHDR shall be first")
