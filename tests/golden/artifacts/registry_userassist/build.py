#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""UserAssist entries of XP and of Windows 7 and later."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, binary, plugin_cases

import codecs

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Windows\CurrentVersion\Explorer\UserAssist"


def rot(text):
    return codecs.encode(text, "rot13")


new = bytearray(72)
struct.pack_into("<IIII", new, 0, 0, 7, 12, 345678)
struct.pack_into("<Q", new, 60, filetime("2026-04-10 10:30:55.5"))
hive.key(base + r"\{CEBFF5CD-ACE2-4F4F-9178-9926F41749EA}\Count", "2026-04-10 10:30:55",
         {rot(r"{6D809377-6AF0-444B-8957-A3773F02200E}\7-Zip\7zFM.exe"): binary(new), rot("UEME_CTLSESSION"): binary(bytes(72))})
hive.key(base + r"\{75048700-EF1F-11D0-9888-006097DEACF9}\Count", "2026-04-10 10:30:55",
         {rot(r"UEME_RUNPATH:C:\WINDOWS\system32\cmd.exe"): binary(struct.pack("<IIQ", 1, 8, filetime("2026-02-01 00:00:00")))})
bad = Hive(r"\??\C:\Users\sales01\ntuser.dat")
bad.key(base + r"\{CEBFF5CD-ACE2-4F4F-9178-9926F41749EA}\Count", "2026-04-10 10:30:55", {rot("x.exe"): binary(bytes(33))})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "version 5 and version 3, and the session entry left out", bad)
