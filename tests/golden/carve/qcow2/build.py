#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""QEMU disk with clusters of 512 bytes."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def disk(refs):
    head = struct.pack(">4sIQIIQIIQQIIQ", b"QFI\xfb", 2, 0, 0, 9, 4096, 0, 1, 512, 1024, 1, 0, 0).ljust(512, b"\0")
    first = struct.pack(">Q", 2048).ljust(512, b"\0")
    table = struct.pack(">Q", 1536).ljust(512, b"\0")
    counts = struct.pack(">%dH" % refs, *[1] * refs).ljust(512, b"\0")
    second = struct.pack(">Q", 2560).ljust(512, b"\0")
    return head + first + table + counts + second + bytes(range(256)) * 2


cases(__file__, "one-cluster", disk(6), covers="six clusters in use", decoy=disk(0)[:1000] + bytes(2000), why="no cluster is in use, not even the header's")
