#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""LUKS 1 header with eight key slots."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def header(version=1, state=0xDEAD):
    head = b"LUKS\xba\xbe" + struct.pack(">H", version) + b"aes".ljust(32, b"\0") + b"xts-plain64".ljust(32, b"\0") + b"sha256".ljust(32, b"\0")
    head += struct.pack(">II", 8, 64) + bytes(20 + 32 + 4 + 40)
    return (head + struct.pack(">II32xII", state, 0, 8, 4000) * 8).ljust(8 * 512, b"\7")


cases(__file__, "version-1", header(), covers="eight slots, key material to the payload", decoy=header(state=0x1234)[:700], why="a slot is neither on nor off")
