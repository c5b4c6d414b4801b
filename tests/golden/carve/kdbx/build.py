#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""KeePass 4: header, its SHA-256, one block and the empty one."""
import hashlib
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def field(ident, body):
    return bytes([ident]) + struct.pack("<I", len(body)) + body


def base(flip=0):
    head = bytes.fromhex("03d9a29a67fb4bb5") + struct.pack("<I", 0x40001) + field(2, bytes(16)) + field(4, bytes(32)) + field(0, b"\r\n\r\n")
    check = bytearray(hashlib.sha256(head).digest())
    check[0] ^= flip
    return head + bytes(check) + b"h" * 32 + b"m" * 32 + struct.pack("<I", 100) + bytes(range(100)) + b"n" * 32 + bytes(4)


cases(__file__, "version-4", base(), covers="one block and the empty one", decoy=base(1), why="the header's SHA-256 does not hold")
