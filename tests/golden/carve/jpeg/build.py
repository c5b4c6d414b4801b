#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""JPEG files written marker by marker (ITU-T T.81 annex B); the coded values are arbitrary, the codes are right."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

GARBAGE = b"\x13\x37 no picture" * 40


def segment(marker, body):
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def coded(seed, blocks, ac=True):
    """Blocks of a DC difference of eight arbitrary bits (code 0) and an end of block (code 0), stuffed and padded."""
    bits, value = "", seed
    for _ in range(blocks):
        value = (value * 1103515245 + 12345) & 0x7FFFFFFF
        bits += "0" + format(value >> 16 & 0xFF, "08b") + ("0" if ac else "")
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")


def frame(marker, components):
    body = b"\x08\x00\x10\x00\x10" + bytes([components])
    return segment(marker, body + b"".join(bytes([i + 1, 0x11, 0]) for i in range(components)))


def scan(components, data, last=63, first=0):
    body = bytes([components]) + b"".join(bytes([i + 1, 0]) for i in range(components)) + bytes([first, last, 0])
    return segment(0xDA, body) + data


CODES = b"\1" + bytes(15)  # one code of one bit
TABLES = segment(0xDB, b"\x00" + bytes(range(1, 65))) + segment(0xC4, b"\x00" + CODES + b"\x08" + b"\x10" + CODES + b"\x00")
THUMBNAIL = b"\xff\xd8" + TABLES + frame(0xC0, 1) + scan(1, coded(7, 4)) + b"\xff\xd9"
BASELINE = (b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0") + segment(0xE1, b"Exif\0\0" + THUMBNAIL) + TABLES
            + segment(0xDD, b"\x00\x01") + frame(0xC0, 3) + scan(3, coded(1, 3)) + b"\xff\xd0" + coded(2, 3)
            + b"\xff\xd1" + coded(3, 3) + b"\xff\xd2" + coded(4, 3) + b"\xff\xff\xd9")
PROGRESSIVE = (b"\xff\xd8" + segment(0xFE, b"progressive") + TABLES + frame(0xC2, 3) + scan(3, coded(4, 12, False), 0)
               + segment(0xC4, b"\x10" + CODES + b"\x00") + scan(1, b"\x0f", 63, 1) + b"\xff\xd9")
assert THUMBNAIL[-2:] == b"\xff\xd9" and BASELINE[-3:] == b"\xff\xff\xd9"

LENGTH = "the length of the bytes that build.py put before the garbage"
case(__file__, "baseline", BASELINE + GARBAGE, expected_from=LENGTH,
     covers="an embedded thumbnail, restart markers, a fill byte and bytes after the end")
case(__file__, "progressive", PROGRESSIVE + GARBAGE, expected_from=LENGTH, covers="several scans with tables between")
case(__file__, "damaged-cut", BASELINE[:-9], expected_from="the data ends inside the entropy-coded bytes",
     covers="a picture whose end is missing")
cut = BASELINE.index(b"\xff\xd1")
case(__file__, "damaged-overwritten", BASELINE[:cut] + PROGRESSIVE, covers="another picture begins where one should go on",
     expected_from="the place where build.py ended the first picture")
case(__file__, "damaged-restart", BASELINE.replace(b"\xff\xd1", b"\xff\xd5", 1) + GARBAGE,
     covers="a restart marker out of order", expected_from="the place of the changed marker")
case(__file__, "damaged-no-frame", b"\xff\xd8" + TABLES + b"\xff\xd9" + GARBAGE, covers="no frame and no scan: no picture",
     expected_from="ITU-T T.81 B.2.1: an image has a frame")
