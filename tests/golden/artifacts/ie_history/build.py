#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""index.dat of Internet Explorer 5 to 9."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402

HAND = "packed by struct in build.py; FILETIMEs by golden_builder"


def url(location, accessed, modified, blocks, name=b"", size=0, hits=1):
    data = bytearray(b"\xef\xbe\xad\xde" * (32 * blocks))
    struct.pack_into("<4sIQQ", data, 0, b"URL ", blocks, filetime(modified) if modified else 0, filetime(accessed) if accessed else 0)
    struct.pack_into("<I", data, 32, size)
    place = 104 + len(location) + 1
    struct.pack_into("<I", data, 52, 104)
    struct.pack_into("<I", data, 60, place if name else 0)
    struct.pack_into("<I", data, 84, hits)
    data[104:104 + len(location) + 1] = location + b"\0"
    if name:
        data[place:place + len(name) + 1] = name + b"\0"
    return bytes(data)


def other(kind, text, at, blocks=1):
    data = bytearray(b"\xef\xbe\xad\xde" * (32 * blocks))
    struct.pack_into("<4sI", data, 0, kind, blocks)
    struct.pack_into("<I", data, 32, 1966)
    struct.pack_into("<I", data, 60, 104)
    data[at:at + len(text) + 1] = text + b"\0"
    return bytes(data)


RECORDS = [(url(b"http://upload.example/a.html", "2013-11-04 10:00:00.5", "2013-11-01 00:00:00", 3, b"a[1].html", 4286, 2), True),
           (url(b"Visited: suzuki@http://portal.example/", "2013-11-04 10:01:00", "2013-11-04 10:01:00", 2), True),
           (url(b":2013110420131105: suzuki@file:///D:/k.xls", "2013-11-04 12:00:00", "2013-11-04 19:02:00", 2), True),
           (url(b"Cookie:suzuki@mail.example/", "2013-11-04 10:03:00", "2013-11-03 00:00:00", 2, b"suzuki@mail[1].txt"), True),
           (other(b"REDR", b"http://go.example/", 16), True), (other(b"LEAK", b"left[1].htm", 104), True),
           (url(b"http://gone.example/", "2013-10-01 00:00:00", None, 2), False)]


def index(records, size=None):
    body, bits = b"", []
    for record, live in records:
        body += record
        bits += [live] * (len(record) // 128)
    head = bytearray(0x4000)
    head[:28] = b"Client UrlCache MMF Ver 5.2\0"
    struct.pack_into("<I", head, 28, size or 0x4000 + len(body))
    for i, bit in enumerate(bits):
        head[0x250 + i // 8] |= bit << (i % 8)
    return bytes(head) + body


PATH = "/Documents and Settings/suzuki/Local Settings/Temporary Internet Files/Content.IE5/index.dat"
case(__file__, "normal", index(RECORDS), path=PATH, expected_from=HAND, covers="cache, history, daily history, cookie, redirect, leak, a record that is gone")
case(__file__, "damaged-cut", index(RECORDS[:2])[:-200], path=PATH, expected_from=HAND, covers="cut inside the second record")
case(__file__, "damaged-version", b"Client UrlCache MMF Ver 4.7\0" + bytes(500), path=PATH, expected_from=HAND, covers="a version that is not read")
