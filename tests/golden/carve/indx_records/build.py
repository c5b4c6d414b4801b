#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Index record of a folder."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import GARBAGE, cases  # noqa: E402

def record(last=True):
    body = bytearray(4096)
    struct.pack_into("<4sHHQQIIII", body, 0, b"INDX", 40, 9, 0, 0, 40, 40 + 88 + 16, 4072, 0)
    struct.pack_into("<QHHH", body, 64, 1 << 48 | 40, 88, 66, 0)
    struct.pack_into("<QHHH", body, 64 + 88, 0, 16, 0, 2 if last else 0)
    struct.pack_into("<H", body, 40, 9)
    for end in range(510, 4096, 512):
        struct.pack_into("<H", body, end, 9)
    return bytes(body)


cases(__file__, "part-one-record", record(), covers="one entry and the last one", decoy=record(False), why="no entry is marked the last",
      after=GARBAGE * 11)
