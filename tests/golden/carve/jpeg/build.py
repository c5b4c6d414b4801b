#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""JPEG files written marker by marker (ITU-T T.81 annex B); the entropy-coded bytes are arbitrary but stuffed."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

GARBAGE = b"\x13\x37 no picture" * 40


def segment(marker, body):
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def entropy(seed, size):
    value, out = seed, bytearray()
    while len(out) < size:
        value = (value * 1103515245 + 12345) & 0x7FFFFFFF
        out.append(value >> 16 & 0xFF)
        if out[-1] == 0xFF:
            out.append(0)
    return bytes(out)


def frame(marker, components):
    body = b"\x08\x00\x10\x00\x10" + bytes([components])
    return segment(marker, body + b"".join(bytes([i + 1, 0x11, 0]) for i in range(components)))


def scan(components, seed, size):
    body = bytes([components]) + b"".join(bytes([i + 1, 0]) for i in range(components)) + b"\x00\x3f\x00"
    return segment(0xDA, body) + entropy(seed, size)


TABLES = segment(0xDB, b"\x00" + bytes(range(1, 65))) + segment(0xC4, b"\x00" + bytes(16) + b"")
THUMBNAIL = b"\xff\xd8" + TABLES + frame(0xC0, 1) + scan(1, 7, 60) + b"\xff\xd9"
BASELINE = (b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\0\0") + segment(0xE1, b"Exif\0\0" + THUMBNAIL) + TABLES
            + segment(0xDD, b"\x00\x04") + frame(0xC0, 3) + scan(3, 1, 300) + b"\xff\xd0" + entropy(2, 300)
            + b"\xff\xd1" + entropy(3, 200) + b"\xff\xff\xd9")
PROGRESSIVE = (b"\xff\xd8" + segment(0xFE, b"progressive") + TABLES + frame(0xC2, 3) + scan(3, 4, 400)
               + segment(0xC4, b"\x10" + bytes(16)) + scan(1, 5, 200) + b"\xff\xd9")
assert THUMBNAIL[-2:] == b"\xff\xd9" and BASELINE[-3:] == b"\xff\xff\xd9"

LENGTH = "the length of the bytes that build.py put before the garbage"
case(__file__, "baseline", BASELINE + GARBAGE, expected_from=LENGTH,
     covers="an embedded thumbnail, restart markers, a fill byte and bytes after the end")
case(__file__, "progressive", PROGRESSIVE + GARBAGE, expected_from=LENGTH, covers="several scans with tables between")
case(__file__, "damaged-cut", BASELINE[:700], expected_from="the data ends inside the entropy-coded bytes",
     covers="a picture whose end is missing")
cut = BASELINE.index(b"\xff\xd1")
case(__file__, "damaged-overwritten", BASELINE[:cut] + PROGRESSIVE, covers="another picture begins where one should go on",
     expected_from="the place where build.py ended the first picture")
case(__file__, "damaged-restart", BASELINE.replace(b"\xff\xd1", b"\xff\xd5", 1) + GARBAGE,
     covers="a restart marker out of order", expected_from="the place of the changed marker")
case(__file__, "damaged-no-frame", b"\xff\xd8" + TABLES + b"\xff\xd9" + GARBAGE, covers="no frame and no scan: no picture",
     expected_from="ITU-T T.81 B.2.1: an image has a frame")
