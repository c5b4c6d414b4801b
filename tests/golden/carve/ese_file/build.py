#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ESE database: header, copy and two pages of 4096 bytes, old checksums."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import GARBAGE, cases  # noqa: E402

def xor(data, seed):
    for (word,) in struct.iter_unpack("<I", data):
        seed ^= word
    return seed


def header():
    body = bytearray(4096)
    struct.pack_into("<II", body, 4, 0x89ABCDEF, 0x620)
    struct.pack_into("<II", body, 232, 0x09, 4096)
    struct.pack_into("<I", body, 0, xor(bytes(body[4:]), 0x89ABCDEF))
    return bytes(body)


def page(number):
    body = bytearray(b"p%d " % number * 2000)[:4096]
    struct.pack_into("<I", body, 4, number)
    struct.pack_into("<I", body, 0, xor(bytes(body[4:]), 0x89ABCDEF))
    return bytes(body)


GOOD = header() * 2 + page(1) + page(2)
cases(__file__, "two-pages", GOOD, covers="two pages whose numbers and checksums hold", after=GARBAGE * 12,
      decoy=header()[:240] + b"\1" + header()[241:] * 2, why="the header's checksum does not hold")
