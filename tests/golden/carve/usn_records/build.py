#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Change journal records."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def record(number, name, time=134203266671234567):
    raw = name.encode("utf-16-le")
    size = (60 + len(raw) + 7) // 8 * 8
    return struct.pack("<IHHQQQQIIIIHH", size, 2, 0, 1 << 48 | 40, 1 << 48 | 5, number, time, 0x100, 0, 0, 32, len(raw), 60) + raw + bytes(
        size - 60 - len(raw))


GOOD = b""
for word in ("a.txt", "report.docx", "b.tmp", "photo.jpg", "c.log"):
    GOOD += record(0x10000 + len(GOOD), word)
cases(__file__, "part-five-records", GOOD, covers="five records with growing numbers", decoy=b"".join(record(0x10000 + i, "x.txt", 5) for i in range(6)),
      why="times of the year 1601")
