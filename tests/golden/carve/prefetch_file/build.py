#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prefetch file, plain."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def prefetch(version=30, size=304 + 40):
    head = struct.pack("<I4sII", version, b"SCCA", 17, size) + "APP.EXE".encode("utf-16-le").ljust(60, b"\0") + struct.pack("<II", 0x1234, 0)
    return head + struct.pack("<IIIIIII", 304, 0, 304, 0, 304, 40, 0) + bytes(304 - 84 - 28) + bytes(range(40))


cases(__file__, "version-30", prefetch(), covers="header, information, strings", decoy=prefetch(99), why="no Windows writes version 99")
