#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""7z: signature header, packed bytes, end header."""
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import broken, cases, whole  # noqa: E402

PACKED, END = bytes(range(256)), b"\x01\x04\x06\0\1\x09\x81\0\7\x0b\1\0\1\0\0\0"
START = struct.pack("<QQI", len(PACKED), len(END), zlib.crc32(END))
GOOD = b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(START)) + START + PACKED + END
cases(__file__, "one-stream", GOOD, covers="256 packed bytes", decoy=b"7z\xbc\xaf\x27\x1c\0\4" + bytes(200),
      why="the CRC of the start header does not hold")
bad = bytearray(GOOD)
bad[-3] ^= 1
broken(__file__, "end", bytes(bad), covers="an end header whose CRC does not hold", why="the stated length, not whole")
