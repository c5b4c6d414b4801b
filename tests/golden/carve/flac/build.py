#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""FLAC: two frames of constant sound."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import GARBAGE, broken, cases  # noqa: E402

def crc8(data):
    value = 0
    for b in data:
        value ^= b
        for _ in range(8):
            value = (value << 1 ^ 7 if value & 128 else value << 1) & 255
    return value


def crc16(data):
    value = 0
    for b in data:
        value ^= b << 8
        for _ in range(8):
            value = (value << 1 ^ 0x8005 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def frame(number):
    head = b"\xff\xf8\x19\x08" + bytes([number])
    head += bytes([crc8(head)])
    body = head + b"\0\x12\x34"
    return body + struct.pack(">H", crc16(body))


def stream(samples):
    info = struct.pack(">HH", 192, 192) + bytes(3) + bytes(3) + struct.pack(">Q", 44100 << 44 | 15 << 36 | samples) + bytes(16)
    return b"fLaC" + b"\0" + struct.pack(">I", 34)[1:] + info + b"\x84" + struct.pack(">I", 8)[1:] + bytes(8) + frame(0) + frame(1)


cases(__file__, "two-frames", stream(384), covers="stream information, a comment, two frames", decoy=b"fLaC\0\0\0\x22" + bytes(200),
      why="a largest block of no samples")
broken(__file__, "samples", stream(5000), covers="more samples stated than there are frames", why="the two frames that hold", after=GARBAGE)
