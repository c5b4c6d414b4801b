#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chromium's simple cache entries and block files."""
import hashlib
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402

HAND = "packed by struct in build.py from the structures that the parser names; times by golden_builder"


def webkit(text):
    return filetime(text) // 10


def answer(requested, answered, headers, more=None):
    head = struct.pack("<I", 3 if more is None else 3 | 0x80000000) + (b"" if more is None else struct.pack("<I", more))
    body = head + struct.pack("<qq", webkit(requested), webkit(answered))
    if more is not None and more & 2:
        body += struct.pack("<q", webkit(answered))
    body += struct.pack("<I", len(headers)) + headers + bytes(-len(headers) % 4)
    return struct.pack("<I", len(body)) + body


def end(flags, size):
    return bytes.fromhex("d8410d97456ffaf4") + struct.pack("<IIII", flags, 0, size, 0)


def simple(key, body, said, digest=True):
    head = bytes.fromhex("305c72a71b6dfbfc") + struct.pack("<IIII", 5, len(key), 0, 0)
    return head + key + body + end(1, len(body)) + said + (hashlib.sha256(key).digest() if digest else b"") + end(3 if digest else 1, len(said))


HEADERS = b"HTTP/1.1 200 OK\0content-type: application/zip\0content-length: 5\0\0"
FOLDER = "/Users/suzuki.test/AppData/Local/Google/Chrome/User Data/Default/Cache/Cache_Data/"
ONE = simple(b"1/0/_dk_https://up.example https://up.example https://cdn.example/k.zip", b"hello", answer("2026-04-10 00:00:00.25", "2026-04-10 00:00:01.5", HEADERS))
TWO = simple(b"https://old.example/", b"", answer("2026-04-11 00:00:00", "2026-04-11 00:00:00", HEADERS, more=2), digest=False)


def entry(created, key, state=0, reused=0, size=0, long_key=0, key_bytes=None):
    out = bytearray(256)
    struct.pack_into("<IIIiiiQiI4i", out, 0, 1, 0, 2, reused, 0, state, webkit(created), key_bytes or len(key), long_key, 100, size, 0, 0)
    out[96:96 + len(key)] = key
    return bytes(out)


def blocks(entries, used):
    head = bytearray(8192)
    head[:4] = bytes.fromhex("c3ca04c1")
    struct.pack_into("<IhhiiI", head, 4, 0x20000, 1, 2, 256, len(entries), 1024)
    for i, bit in enumerate(used):
        head[80 + i // 8] |= bit << (i % 8)
    return bytes(head) + b"".join(entries)


ENTRIES = [entry("2015-04-10 00:00:00.5", b"http://a.example/x.js", reused=3, size=77), entry("2015-04-11 00:00:00", b"http://gone.example/", state=2), bytes(256),
           entry("2015-04-12 00:00:00", b"", long_key=0x90000001, key_bytes=2000)]
case(__file__, "simple", ONE, path=FOLDER + "0123456789abcdef_0", expected_from=HAND, covers="a key of a partitioned cache, a digest of the key, two times")
case(__file__, "simple-one-time", TWO, path=FOLDER + "fedcba9876543210_0", expected_from=HAND, covers="more flags and a third time, no digest")
case(__file__, "blocks", blocks(ENTRIES, [1, 0, 0, 1]), path=FOLDER + "data_1", expected_from=HAND, covers="an entry, one that is gone, a free block, a key that lies elsewhere")
case(__file__, "damaged-simple", ONE[:-20], path=FOLDER + "0123456789abcdef_0", expected_from=HAND, covers="the last record is cut")
case(__file__, "damaged-block", blocks([b"\xa5" * 256] + ENTRIES, [1, 1, 0, 0, 0])[:-100], path=FOLDER + "data_1", expected_from=HAND, covers="a block in use that is no entry, a file cut inside a block")
