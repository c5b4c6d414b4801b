#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rp.log of Windows XP."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402

HAND = "packed by struct in build.py; FILETIME by golden_builder"
TEXT = "顧客管理ソフトを導入".encode("utf-16-le")
FILE = struct.pack("<IIQ", 102, 0, 44) + TEXT + bytes(512 - len(TEXT)) + struct.pack("<Q", filetime("2009-04-10 00:00:00.5"))
PATH = "/System Volume Information/_restore{1}/RP44/rp.log"
case(__file__, "normal", FILE, path=PATH, expected_from=HAND, covers="a point made for an installation")
case(__file__, "damaged-cut", FILE[:300], path=PATH, expected_from=HAND, covers="the time is missing")
