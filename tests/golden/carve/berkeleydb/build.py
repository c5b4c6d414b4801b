#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Berkeley DB of three pages."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def page(number, kind=5):
    return struct.pack("<QIIIHHBB", 1, number, 0, 0, 0, 0, 1, kind).ljust(512, b"\0")


def base(second):
    head = struct.pack("<QIIIIBBBBII", 1, 0, 0x053162, 9, 512, 0, 9, 0, 0, 0, 2).ljust(512, b"\0")
    return head + page(second) + page(2)[:400] + b"\x09bestblock".ljust(112, b"\0")


cases(__file__, "wallet", base(1), covers="three pages with their numbers, the words of a wallet", decoy=base(1)[:16] + bytes(600), why="version 0")
broken(__file__, "number", base(7), covers="a page with another number", why="512: the first page")
