#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tar: two files in a record of 20 blocks."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import GARBAGE, broken, cases  # noqa: E402

def member(name, data):
    head = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % len(data) + b"0" * 11 + b"\0"
    head += b" " * 8 + b"0" + bytes(100) + b"ustar\00000" + bytes(247)
    return head[:148] + b"%06o\0 " % sum(head) + head[156:] + data + bytes(-len(data) % 512)


TWO = member(b"a.txt", b"hello") + member(b"b/c.bin", bytes(range(256)) * 3)
cases(__file__, "two-files", TWO.ljust(10240, b"\0"), covers="two files, zeros to the record of 10240 bytes",
      decoy=member(b"a.txt", b"").replace(b"ustar", b"ustar", 1).replace(b"0000644", b"0000645", 1), why="the header's sum does not hold",
      cut=1700)
broken(__file__, "no-end", TWO, covers="members without the zeros that end them", why="POSIX: two blocks of zeros end the archive",
       after=GARBAGE * 4)
