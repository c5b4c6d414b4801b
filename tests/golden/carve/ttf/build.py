#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Font of four tables."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases  # noqa: E402

def font(flip=0):
    tables = [(b"cmap", bytes(range(20))), (b"glyf", bytes(range(64))), (b"head", bytes(54)), (b"name", b"demo font")]
    at = 12 + 16 * len(tables)
    directory = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 0)
    body = b""
    for tag, data in tables:
        padded = data + bytes(-len(data) % 4)
        total = sum(word for (word,) in struct.iter_unpack(">I", padded)) & 0xFFFFFFFF
        directory += tag + struct.pack(">III", total ^ flip, at + len(body), len(data))
        body += padded
    return directory + body


cases(__file__, "four-tables", font(), covers="checksums of all tables", decoy=b"\0\1\0\0\0\4\0\x40\0\2\0\0" + bytes(100), why="names of tables are letters")
broken(__file__, "sums", font(5), covers="checksums that do not hold", why="ISO/IEC 14496-22 4.5: checkSum of each table")
