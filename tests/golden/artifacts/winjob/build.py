#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A .job file part by part from MS-TSCH §2.4."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case

HAND = "the values given to build.py; layout from MS-TSCH §2.4"
PATH = "/WINDOWS/Tasks/nightly.job"


def text(value):
    return struct.pack("<H", len(value) + 1) + (value + "\0").encode("utf-16-le") if value else struct.pack("<H", 0)


def trigger(start, hour, minute, kind):
    return struct.pack("<HH8HIIIIHHHHHH", 48, 0, *start, 0, 0, 0, hour, minute, 0, 0, 0, kind, 0, 0, 0, 0, 0, 0)


def job(last_run, *triggers):
    texts = b"".join(text(t) for t in (r"C:\tool\copy.exe", "/y E:\\", r"C:\tool", "sales01", "夜間の複写"))
    body = struct.pack("<H", 0) + texts + struct.pack("<HH", 0, 0)
    head = struct.pack("<HH16sHH", 0x0501, 1, bytes(range(16)), 70, 68 + len(body))
    head += struct.pack("<HHHHIIIII", 0, 0, 60, 10, 32, 259200000, 0x80070005, 0x41300, 0) + struct.pack("<8H", *last_run)
    return head + body + struct.pack("<H", len(triggers)) + b"".join(triggers)


RUN = (2010, 4, 6, 10, 3, 0, 9, 250)
good = job(RUN, trigger((2010, 4, 1), 3, 0, 1), trigger((2010, 4, 2), 9, 30, 7))
case(__file__, "two-triggers", good, path=PATH, expected_from=HAND, covers="last run, daily and at logon")
case(__file__, "never-run", job((0,) * 8), path=PATH, expected_from=HAND, covers="a task that never ran")
case(__file__, "damaged-cut", good[:-20], path=PATH, expected_from=HAND, covers="the second trigger is cut off")
