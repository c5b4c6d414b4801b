#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""BitLocker boot sector."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from carve_cases import cases  # noqa: E402

def sector(mark=b"-FVE-FS-", end=b"\x55\xaa"):
    return (b"\xeb\x58\x90" + mark + struct.pack("<H", 512) + b"\x08").ljust(510, b"\0") + end


cases(__file__, "windows-7", sector(), covers="the boot sector", decoy=sector(end=b"\0\0"), why="no boot sector: 55 aa is missing")
