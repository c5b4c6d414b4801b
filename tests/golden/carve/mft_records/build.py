#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""File records: two of them."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import GARBAGE, cases  # noqa: E402

def record(number, marks=True):
    body = bytearray(1024)
    struct.pack_into("<4sHHQHHHHIIQHxxI", body, 0, b"FILE", 48, 3, 0, 1, 1, 56, 1, 56 + 96 + 8, 1024, 0, 3, number)
    struct.pack_into("<IIBBHHHIHBB", body, 56, 0x10, 96, 0, 0, 24, 0, 0, 72, 24, 0, 0)
    struct.pack_into("<I", body, 152, 0xFFFFFFFF)
    struct.pack_into("<HHH", body, 48, 7, 0, 0)
    body[510:512] = body[1022:1024] = b"\7\0" if marks else b"\7\1"
    return bytes(body)


cases(__file__, "part-two-records", record(40) + record(41), covers="two records with fix-ups and an attribute", decoy=record(40, False),
      why="the last bytes of the sectors are not the update sequence number", after=GARBAGE * 3, cut=1024 + 600)
