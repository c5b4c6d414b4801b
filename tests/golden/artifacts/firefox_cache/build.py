#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Firefox's cache2 entries and the older block files."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "packed by struct in build.py from the structures that the parser names"


def entry(key, body, fetched, modified, version=3, key_bytes=None):
    head = struct.pack(">IIIIIII", version, 4, fetched, modified, 100, 1807315200, key_bytes or len(key)) + (b"" if version < 2 else struct.pack(">I", 0))
    chunks = (len(body) + 262143) // 262144
    return body + bytes(4) + bytes(2 * chunks) + head + key + b"\0" + b"request-method\0GET\0" + struct.pack(">I", len(body))


def old(key, fetched, modified, size):
    return struct.pack(">HHIIIIIIII", 1, 19, 0x91000001, 2, fetched, modified, 0, 50, len(key) + 1, 3) + key + b"\0" + b"a\0b" + bytes(size - 36 - len(key) - 4)


FOLDER = "/home/suzuki.test/.cache/mozilla/firefox/abcd1234.default/cache2/entries/"
NAME = "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"
case(__file__, "entry", entry(b"O^partitionKey=%28https%2Cup.example%29,:https://cdn.example/k.zip", b"hello", 1775779867, 1775779800), path=FOLDER + NAME, expected_from=HAND, covers="a partitioned key, two times")
case(__file__, "entry-first-version", entry(b":http://old.example/", b"", 1400000000, 1400000000, version=1), path=FOLDER + NAME, expected_from=HAND, covers="version 1, no body, one time")
case(__file__, "old", bytes(1024) + old(b"HTTP:http://old.example/a", 1290000000, 1280000000, 1024) + old(b"FTP:ftp://x.example/", 1290000001, 1290000001, 1024),
     path="/home/suzuki.test/.mozilla/firefox/abcd.default/Cache/_CACHE_002_", expected_from=HAND, covers="two entries of the older form")
case(__file__, "damaged-key", entry(b":https://a.exa\0mple/", b"x", 1775779867, 1775779800, key_bytes=20), path=FOLDER + NAME, expected_from=HAND, covers="a key that ends early")
case(__file__, "damaged-version", entry(b":https://a.example/", b"x", 1775779867, 1775779800, version=9), path=FOLDER + NAME, expected_from=HAND, covers="a version that is not read")
