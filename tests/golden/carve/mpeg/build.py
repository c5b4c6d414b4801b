#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MPEG program stream with an end code."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

PACK = b"\0\0\1\xba\x21\0\1\0\1\x80\x04\xe1"
PACKET = b"\0\0\1\xe0" + struct.pack(">H", 120) + bytes(range(120))
cases(__file__, "two-packs", (PACK + PACKET) * 2 + b"\0\0\1\xb9", covers="two packs with a packet each and the end code",
      decoy=b"\0\0\1\xba" + b"\x99" * 300, why="the marker bits of the pack header are wrong")
broken(__file__, "no-end", (PACK + PACKET) * 3, covers="no end code and other bytes behind", why="the last packet's end")
