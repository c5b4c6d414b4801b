#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""INFO2 of Windows 98 and of XP, record by record from libyal/dtformats."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime

HAND = "the values given to build.py; layout from libyal/dtformats \"Windows Recycle Bin file formats\""


def record(path, index, when, size, wide=True, gone=False):
    raw = path.encode("cp932")
    if gone:
        raw = b"\0" + raw[1:]
    out = raw.ljust(260, b"\0") + struct.pack("<IIQI", index, 2, filetime(when), size)
    return out + path.encode("utf-16-le").ljust(520, b"\0") if wide else out


def info2(bytes_each, *records):
    return struct.pack("<IIIII", 5 if bytes_each == 800 else 4, len(records), len(records), bytes_each, 0) + b"".join(records)


xp = info2(800, record(r"C:\work\顧客名簿.xls", 1, "2010-04-10 10:31:07.5", 4096), record(r"C:\work\old.txt", 2, "2010-04-11 00:00:00", 8192, gone=True))
case(__file__, "xp", xp, path="/RECYCLER/S-1-5-21-1-2-3-1003/INFO2", expected_from=HAND, covers="a file in the bin and one that was restored")
old = info2(280, record(r"C:\a.txt", 0, "2001-01-02 03:04:05", 100, wide=False))
case(__file__, "98", old, path="/RECYCLED/INFO2", expected_from=HAND, covers="records of 280 bytes")
case(__file__, "damaged-cut", xp[:-300], path="/RECYCLER/INFO2", expected_from=HAND, covers="the last record is cut off")
case(__file__, "damaged-size", xp[:12] + struct.pack("<I", 77) + xp[16:], path="/RECYCLER/INFO2", expected_from=HAND, covers="a record size that is not known")
