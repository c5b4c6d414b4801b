#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""$I records, field by field from the format description; the values expected are those written here."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime

PLACE = "/$Recycle.Bin/S-1-5-21-1004336348-1177238915-682003330-1104/"
HAND = "the values given to struct.pack in build.py"


def version1(path, size, when):
    return struct.pack("<QQQ", 1, size, filetime(when)) + path.encode("utf-16-le").ljust(520, b"\0")


def version2(path, size, when):
    text = (path + "\0").encode("utf-16-le")
    return struct.pack("<QQQI", 2, size, filetime(when), len(text) // 2) + text


V1 = version1("C:\\Users\\sales01\\Documents\\price list.xlsx", 24576, "2013-02-03 04:05:06.7654321")
V2 = version2("D:\\共有\\顧客名簿_2026年3月.zip", 1 << 33, "2026-04-10 10:31:07.1234567")
case(__file__, "version-1", V1, path=PLACE + "$I7QK2ZB.xlsx", expected_from=HAND,
     covers="A version 1 record of fixed length with an ASCII path.")
case(__file__, "version-2", V2, path=PLACE + "$IR4T9AA.zip", expected_from=HAND,
     covers="A version 2 record: Japanese path, size over 4 GiB.")
case(__file__, "version-2-loose", V2, path="$IR4T9AA.zip", expected_from=HAND,
     covers="The same record in a folder given as evidence: no SID is known.")
case(__file__, "damaged-path-cut", V2[:44], path=PLACE + "$IR4T9AA.zip", expected_from=HAND,
     covers="The path ends after eight units: size, time and the rest of the path are kept.")
case(__file__, "damaged-length", V2[:24] + struct.pack("<I", 0xFFFFFFFF) + V2[28:],
     path=PLACE + "$IR4T9AA.zip", expected_from=HAND,
     covers="A forged path length of 4 G units allocates nothing and keeps size and time.")
case(__file__, "damaged-header", V1[:20], path=PLACE + "$I7QK2ZB.xlsx", expected_from=HAND,
     covers="The record ends inside the time: nothing is invented.")
