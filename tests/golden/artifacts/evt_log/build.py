#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""EVT logs: whole, as a ring, damaged."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "packed by struct in build.py"


def wide(text):
    return text.encode("utf-16-le") + b"\0\0"


def record(number, seconds, event, kind, source, computer, strings, sid=b""):
    head = wide(source) + wide(computer)
    head += bytes(-(56 + len(head)) % 4)
    sid_at = 56 + len(head)
    text_at = sid_at + len(sid)
    body = head + sid + b"".join(wide(s) for s in strings)
    body += bytes(-len(body) % 4)
    size = 56 + len(body) + 4
    return struct.pack("<I4sIIIIHHHHIIIIII", size, b"LfLe", number, seconds, seconds + (number == 3), event, kind, len(strings), 2, 0, 0,
                       text_at, len(sid), sid_at if sid else 0, 0, size - 4) + body + struct.pack("<I", size)


SID = struct.pack("<BB6sIIIII", 1, 5, b"\0\0\0\0\0\5", 21, 1, 2, 3, 1001)
RECORDS = [record(1, 1138900000, 0x80001775, 4, "EventLog", "PC-0042", []), record(2, 1138900100, 528, 8, "Security", "PC-0042", ["suzuki", "CORP", "(0x0,0x3E7)", "2"], SID),
           record(3, 1138900200, 517, 8, "Security", "PC-0042", ["SYSTEM", "NT"]), record(4, 1138900300, 1000, 1, "Application Error", "PC-0042", ["顧客.exe", "1.0"])]


def log(records, first=48, end=None):
    body = b"".join(records)
    mark = struct.pack("<IIIIIIIIII", 0x28, 0x11111111, 0x22222222, 0x33333333, 0x44444444, first, end or 48 + len(body), len(records) + 1, 1, 0x28)
    head = struct.pack("<I4sIIIIIIIIII", 0x30, b"LfLe", 1, 1, first, end or 48 + len(body), len(records) + 1, 1, 65536, 0, 0, 0x30)
    return head, body, mark


HEAD, BODY, MARK = log(RECORDS)
PATH = "/WINDOWS/system32/config/SecEvent.Evt"
case(__file__, "normal", HEAD + BODY + MARK + RECORDS[0] + bytes(64), path=PATH, expected_from=HAND, covers="four records, one that the log no longer holds")
split = RECORDS[1][:60]  # the second record begins at the end of the file and goes on behind the header
ring = RECORDS[1][60:] + RECORDS[2] + MARK + bytes(24) + RECORDS[0] + split
first = 48 + len(ring) - len(split) - len(RECORDS[0])
case(__file__, "ring", log([], first, 1)[0] + ring, path=PATH, expected_from=HAND, covers="a ring: a record that goes on behind the header")
case(__file__, "damaged-cut", HEAD + BODY[:-10], path=PATH, expected_from=HAND, covers="the last record is cut")
case(__file__, "damaged-size", HEAD + RECORDS[0] + b"\xff\xff\xff\x7f" + RECORDS[1][4:] + RECORDS[2] + MARK, path=PATH, expected_from=HAND, covers="a size that cannot be between two good records")
torn = RECORDS[1][:100] + RECORDS[2]  # the second record was overwritten from behind
case(__file__, "damaged-torn", HEAD + RECORDS[0] + torn + MARK, path=PATH, expected_from=HAND, covers="a record that the next one overwrote from behind is kept as partial")
