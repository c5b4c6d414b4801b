#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hive bins without their hive."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases, whole  # noqa: E402

def bin_of(offset, size=4096):
    return b"hbin" + struct.pack("<II", offset, size) + bytes(20) + struct.pack("<i", size - 32) + bytes(size - 36)


cases(__file__, "part-two-bins", bin_of(0x3000) + bin_of(0x4000, 8192), covers="bins of 4 and 8 KiB that follow one another",
      decoy=b"hbin" + bytes(4) + struct.pack("<I", 4097) + bytes(5000), why="a bin's size is a multiple of 4096", cut=6000)
whole(__file__, "part-one-bin", bin_of(0x3000), covers="a second bin that belongs elsewhere", after=bin_of(0x9000))
